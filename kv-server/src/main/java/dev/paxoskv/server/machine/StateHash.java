package dev.paxoskv.server.machine;

import java.util.zip.CRC32C;

/**
 * A running hash over everything applied, what it came to, and what the state was then. Two
 * replicas that have applied the same up to the same instance have the same hash; if they ever
 * differ, one of them went wrong at or before that instance. It finds mistakes, not forgers.
 */
final class StateHash {
  private final CRC32C crc = new CRC32C();
  private long hash;

  long value() {
    return hash;
  }

  /** Goes on from where another hash stood. */
  void restore(long value) {
    hash = value;
  }

  void add(byte[] bytes) {
    crc.reset();
    crc.update(bytes, 0, bytes.length);
    mix(((long) bytes.length << 32) ^ crc.getValue());
  }

  void add(long word) {
    mix(word);
  }

  void add(SessionId session) {
    mix(session.high());
    mix(session.low());
  }

  void add(Result result) {
    if (result instanceof Result.Applied) {
      mix(1);
    } else if (result instanceof Result.Refused) {
      mix(4);
    } else if (result instanceof Result.Unmet) {
      mix(5);
    } else if (result instanceof Result.Counted counted) {
      mix(6);
      mix(counted.count());
    } else if (result instanceof Result.Was was) {
      mix(was.isMet() ? 7 : 8);
    } else if (result instanceof Result.Opened opened) {
      mix(9);
      add(opened.session());
    } else if (result instanceof Result.Expired) {
      mix(10);
    }
  }

  /**
   * The finaliser of the splitmix generator: every bit of the input reaches every bit of the hash.
   */
  private void mix(long word) {
    long z = hash * 0x9e3779b97f4a7c15L + word + 0x632be59bd9b4e019L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    hash = z ^ (z >>> 31);
  }
}
