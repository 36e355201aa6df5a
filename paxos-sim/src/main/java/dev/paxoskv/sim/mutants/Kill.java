package dev.paxoskv.sim.mutants;

/**
 * How a hunt ended.
 *
 * @param objection what was found wrong, a word and a colon first; empty if the mutant survived
 * @param seed the last one tried; -1 if there was none
 * @param tried how many seeds
 * @param micros how much virtual time
 */
record Kill(String objection, long seed, long tried, long micros) {
  /** Whether nothing was found wrong. */
  boolean isSurvival() {
    return objection.isEmpty();
  }
}
