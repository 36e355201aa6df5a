package dev.paxoskv.paxos.meter;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How often something was how large, in buckets that end at powers of two. One thread records, any
 * thread reads; to record takes neither a lock nor memory.
 */
public final class Histogram {
  private final int lowest;
  private final AtomicLongArray counts;
  private final AtomicLong sum = new AtomicLong();

  /**
   * Makes one with a bucket for each power of two from {@code 2^lowest} to {@code 2^highest}, and
   * one for all that is above. What is below the first is in the first.
   *
   * @param lowest 0 or more
   * @param highest not below {@code lowest}, up to 62
   */
  public Histogram(int lowest, int highest) {
    if (lowest < 0 || highest < lowest || highest > 62) {
      throw new IllegalArgumentException("buckets from 2^" + lowest + " to 2^" + highest);
    }
    this.lowest = lowest;
    this.counts = new AtomicLongArray(highest - lowest + 2);
  }

  /** For durations in nanoseconds: from 16 us to 17 s. */
  public static Histogram ofNanos() {
    return new Histogram(14, 34);
  }

  /** Counts {@code value}. Always by the same thread. */
  public void record(long value) {
    int power = value <= 1 ? 0 : Long.SIZE - Long.numberOfLeadingZeros(value - 1);
    int bucket = Math.max(0, Math.min(power - lowest, counts.length() - 1));
    // The only writer needs no more than that readers see whole numbers, and see them soon.
    counts.setRelease(bucket, counts.getPlain(bucket) + 1);
    sum.setRelease(sum.getPlain() + value);
  }

  /** How many buckets there are, the last of which has no upper bound. */
  public int buckets() {
    return counts.length();
  }

  /** The largest value that bucket {@code bucket} takes; of the last one infinity. */
  public double upperBound(int bucket) {
    return bucket == counts.length() - 1
        ? Double.POSITIVE_INFINITY
        : Math.scalb(1.0, lowest + bucket);
  }

  /** How many values are in bucket {@code bucket}, and in no bucket before it. */
  public long count(int bucket) {
    return counts.getAcquire(bucket);
  }

  /** How many values were recorded. */
  public long total() {
    long total = 0;
    for (int bucket = 0; bucket < counts.length(); bucket++) {
      total += count(bucket);
    }
    return total;
  }

  /** Of all values. */
  public long sum() {
    return sum.getAcquire();
  }
}
