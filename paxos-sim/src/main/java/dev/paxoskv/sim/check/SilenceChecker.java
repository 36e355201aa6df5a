package dev.paxoskv.sim.check;

import dev.paxoskv.paxos.protocol.Message;
import dev.paxoskv.paxos.protocol.Quorum.PeerSet;
import java.util.HashSet;
import java.util.Set;

/**
 * An idle peer of the library sends nothing of its own accord, however much time passes. Only a
 * done mark that certainly did not get through is owed until it does.
 */
final class SilenceChecker implements Witness {
  static final String RULE = "idle silence";

  private record Way(int from, int to) {}

  private final Set<Way> failed = new HashSet<>();
  private PeerSet idle = PeerSet.EMPTY;

  /** From now on the peers of {@code idle} have nothing to do. */
  void begin(PeerSet idle) {
    this.idle = idle;
  }

  @Override
  public void failed(Hop hop) {
    failed.add(new Way(hop.from(), hop.to()));
  }

  @Override
  public void sent(Hop hop) {
    if (!(hop.message() instanceof Message.Request)) {
      return;
    }
    boolean isAfterFailure = failed.remove(new Way(hop.from(), hop.to()));
    boolean isOwed = isAfterFailure && hop.message() instanceof Message.Done;
    if (idle.has(hop.from()) && !isOwed) {
      throw new Violation(
          RULE, "peer " + hop.from() + " is idle and sends " + hop.message() + " to " + hop.to());
    }
  }
}
