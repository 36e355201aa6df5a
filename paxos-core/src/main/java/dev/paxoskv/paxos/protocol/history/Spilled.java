package dev.paxoskv.paxos.protocol.history;

import java.util.Map;
import java.util.TreeMap;

/**
 * Instances whose decision is known and whose value is not in memory any more, only in the log: a
 * set, kept as ranges, since most are neighbours.
 */
public final class Spilled {
  /** What an instance that is in memory weighs besides its value, in bytes, about. */
  public static final int OVERHEAD_BYTES = 256;

  private final TreeMap<Long, Long> lastByFirst = new TreeMap<>();

  public boolean isEmpty() {
    return lastByFirst.isEmpty();
  }

  public boolean has(long seq) {
    Map.Entry<Long, Long> range = lastByFirst.floorEntry(seq);
    return range != null && range.getValue() >= seq;
  }

  /** The lowest instance from {@code seq} on that is not in the set. */
  public long endFrom(long seq) {
    return has(seq) ? lastByFirst.floorEntry(seq).getValue() + 1 : seq;
  }

  /** The lowest instance above {@code seq} that is in the set; the highest number if none is. */
  public long above(long seq) {
    if (has(seq + 1)) {
      return seq + 1;
    }
    Long first = lastByFirst.higherKey(seq);
    return first == null ? Long.MAX_VALUE : first;
  }

  /** One more than the highest; 0 if there is none. */
  public long end() {
    return lastByFirst.isEmpty() ? 0 : lastByFirst.lastEntry().getValue() + 1;
  }

  /** How many there are. */
  public long count() {
    long count = 0;
    for (Map.Entry<Long, Long> range : lastByFirst.entrySet()) {
      count += range.getValue() - range.getKey() + 1;
    }
    return count;
  }

  public void add(long seq) {
    if (has(seq)) {
      return;
    }
    long first = has(seq - 1) ? lastByFirst.floorKey(seq) : seq;
    Long lastAbove = lastByFirst.remove(seq + 1);
    lastByFirst.put(first, lastAbove == null ? seq : lastAbove);
  }

  public void addAll(Spilled others) {
    others.lastByFirst.forEach((first, last) -> {
      for (long seq = first; seq <= last; seq++) {
        add(seq);
      }
    });
  }

  public void remove(long seq) {
    if (has(seq)) {
      Map.Entry<Long, Long> range = lastByFirst.floorEntry(seq);
      lastByFirst.remove(range.getKey());
      put(range.getKey(), seq - 1);
      put(seq + 1, range.getValue());
    }
  }

  /** Nothing below {@code floor} is in the set any more. */
  public void forgetBelow(long floor) {
    if (has(floor)) {
      put(floor, lastByFirst.floorEntry(floor).getValue());
    }
    lastByFirst.headMap(floor).clear();
  }

  private void put(long first, long last) {
    if (first <= last) {
      lastByFirst.put(first, last);
    }
  }
}
