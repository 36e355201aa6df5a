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

  /**
   * As in production; or at most 16 sessions, which end now and then; or 8, which in a busy store
   * is so tight that they end under their clients' hands all the time. Comparisons at all times.
   */
  static SimLimits draw(RandomGenerator dice) {
    long idleMillisMax = 400L << dice.nextInt(6);
    SessionLimits drawn = switch (dice.nextInt(3)) {
      case 0 -> SessionLimits.STORE;
      case 1 -> new SessionLimits(16, idleMillisMax);
      default -> new SessionLimits(8, idleMillisMax);
    };
    return new SimLimits(drawn, 4 << dice.nextInt(6));
  }
}
