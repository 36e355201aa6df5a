package dev.paxoskv.server.door.redis;

import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Where scans go on. Redis's cursors are numbers, and ours are keys, so each number stands for a
 * key, at this server and for as long as it is among the {@value #MOST} used last.
 */
final class Cursors {
  static final int MOST = 1024;

  /** In the order of use. */
  private final LinkedHashMap<Long, byte[]> keys = new LinkedHashMap<>(MOST, 0.75f, true);

  private long last;

  /** Begins anywhere, so that a number of another server, or of an earlier life, is hardly ours. */
  Cursors(RandomGenerator dice) {
    this.last = dice.nextLong() >>> 2;
  }

  /** A number for going on behind {@code key}; never 0. */
  String add(byte[] key) {
    last++;
    keys.put(last, key);
    if (keys.size() > MOST) {
      keys.remove(keys.keySet().iterator().next());
    }
    return Long.toString(last);
  }

  /** The key behind which to go on; empty if nobody knows. */
  Optional<byte[]> find(long cursor) {
    return Optional.ofNullable(keys.get(cursor));
  }
}
