package dev.paxoskv.sim;

import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Dice without a memory: what falls depends on the key, the virtual time, the subject and how often
 * it was rolled about that subject at that time. So when one event is taken out of a run, whatever
 * it did not touch meets the same chance as before; that is what makes shrinking work.
 */
final class MomentDice implements RandomGenerator {
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private final long key;
  private final LongSupplier clock;
  private long subject;
  private long at = -1;
  private long counter;

  MomentDice(long key, LongSupplier clock) {
    this.key = key;
    this.clock = clock;
  }

  /** The next rolls are about {@code subject}; the same again if they were before. */
  MomentDice about(long subject) {
    this.subject = mix(subject);
    counter = 0;
    return this;
  }

  @Override
  public long nextLong() {
    long now = clock.getAsLong();
    if (now != at) {
      at = now;
      counter = 0;
    }
    counter++;
    return mix(key ^ mix(now * GOLDEN + counter) ^ subject);
  }

  private static long mix(long z) {
    long a = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    long b = (a ^ (a >>> 27)) * 0x94d049bb133111ebL;
    return b ^ (b >>> 31);
  }
}
