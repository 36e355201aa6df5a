package dev.paxoskv.sim;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * All the chance of a run, from one seed. Each purpose has dice of its own, so that rolling once
 * more for one does not change what the others see.
 *
 * @param seed names the run
 */
public record Dice(long seed) {

  /** The dice for {@code purpose}, of which there may be several, told apart by {@code index}. */
  public RandomGenerator fork(String purpose, long index) {
    long mixed = new SplittableRandom(seed * 31 + purpose.hashCode()).nextLong();
    return new SplittableRandom(mixed ^ (index * 0x9e3779b97f4a7c15L));
  }
}
