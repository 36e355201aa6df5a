package dev.paxoskv.paxos.host;

import dev.paxoskv.paxos.protocol.Value;

/**
 * Port to the application of a replicated log: every peer applies the same values in the same
 * order, without gaps.
 */
public interface StateMachine {

  /**
   * Applies the decided value of {@code seq}, which is one more than in the call before; the first
   * is one more than {@link #applied}.
   */
  void apply(long seq, Value value);

  /**
   * The last instance that the state covers when its host is made, from a snapshot; -1 for none.
   */
  default long applied() {
    return -1;
  }

  /**
   * The highest instance that this peer will never need again; -1 for none. Read after each run of
   * applies.
   */
  long done();
}
