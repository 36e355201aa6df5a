package dev.paxoskv.server.sim;

import dev.paxoskv.server.compare.StateComparison;
import dev.paxoskv.server.machine.KvStateMachine.SessionLimits;
import java.util.random.RandomGenerator;

/**
 * What the servers of one run agree on beforehand.
 *
 * @param compareEvery how many instances lie between two comparisons of their states
 */
record SimLimits(SessionLimits sessions, int compareEvery) {
  /** As in production. */
  static final SimLimits STORE = new SimLimits(SessionLimits.STORE, StateComparison.EVERY);

  /** Often so tight that sessions end under their clients' hands; comparisons at all times. */
  static SimLimits draw(RandomGenerator dice) {
    SessionLimits tight = new SessionLimits(8, 400L << dice.nextInt(6));
    return new SimLimits(dice.nextInt(3) > 0 ? tight : SessionLimits.STORE, 4 << dice.nextInt(6));
  }
}
