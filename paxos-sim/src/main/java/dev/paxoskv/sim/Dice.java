package dev.paxoskv.sim;

import java.util.SplittableRandom;
import java.util.function.LongSupplier;
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
    return new SplittableRandom(key(purpose, index));
  }

  /** Dice that fall as the moment wills, not as often as they were rolled before. */
  MomentDice ofTheMoment(String purpose, long index, LongSupplier clock) {
    return new MomentDice(key(purpose, index), clock);
  }

  private long key(String purpose, long index) {
    long mixed = new SplittableRandom(seed * 31 + purpose.hashCode()).nextLong();
    return mixed ^ (index * 0x9e3779b97f4a7c15L);
  }
}
