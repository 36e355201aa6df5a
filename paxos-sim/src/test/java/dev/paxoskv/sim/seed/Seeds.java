package dev.paxoskv.sim.seed;

import java.util.stream.LongStream;

/**
 * Which seeds the suite in virtual time runs with; {@code -Dpaxoskv.virtual.seed=N} repeats one.
 */
final class Seeds {
  private static final boolean IS_FULL = Boolean.getBoolean("paxoskv.full");
  private static final long MANY = 200;

  private Seeds() {}

  /** For tests that cost a few milliseconds. */
  static LongStream many() {
    return below(IS_FULL ? MANY : 50);
  }

  /** For tests that cost more; as many as the others if all is run. */
  static LongStream aFew() {
    // With 35 nobody told a peer what a new leader had learnt about its own proposal.
    return IS_FULL ? below(MANY) : LongStream.concat(below(20), below(36).skip(35));
  }

  /** For tests that force collections of the whole heap. */
  static LongStream two() {
    return below(IS_FULL ? 20 : 2);
  }

  private static LongStream below(long count) {
    Long one = Long.getLong("paxoskv.virtual.seed");
    return one == null ? LongStream.range(0, count) : LongStream.of(one);
  }
}
