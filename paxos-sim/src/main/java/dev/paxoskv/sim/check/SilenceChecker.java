package dev.paxoskv.sim.check;

import dev.paxoskv.paxos.protocol.Message;
import dev.paxoskv.paxos.protocol.Quorum.PeerSet;

/** An idle peer of the library sends nothing of its own accord, however much time passes. */
final class SilenceChecker implements Witness {
  static final String RULE = "idle silence";

  private PeerSet idle = PeerSet.EMPTY;

  /** From now on the peers of {@code idle} have nothing to do. */
  void begin(PeerSet idle) {
    this.idle = idle;
  }

  @Override
  public void sent(Hop hop) {
    if (idle.has(hop.from()) && hop.message() instanceof Message.Request) {
      throw new Violation(
          RULE, "peer " + hop.from() + " is idle and sends " + hop.message() + " to " + hop.to());
    }
  }
}
