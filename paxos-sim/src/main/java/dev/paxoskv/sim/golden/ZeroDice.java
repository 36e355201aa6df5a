package dev.paxoskv.sim.golden;

import java.util.random.RandomGenerator;

/** Dice that always show the lowest number: every wait is the shortest of its kind. */
enum ZeroDice implements RandomGenerator {
  ZERO;

  @Override
  public long nextLong() {
    return 0;
  }
}
