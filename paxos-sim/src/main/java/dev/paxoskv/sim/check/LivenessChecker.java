package dev.paxoskv.sim.check;

import dev.paxoskv.paxos.protocol.Quorum.PeerSet;
import dev.paxoskv.paxos.protocol.Status;
import dev.paxoskv.paxos.protocol.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * G9: once a majority is healthy, everything that was started at one of its peers is decided or
 * forgotten there.
 */
final class LivenessChecker implements Witness {
  static final String RULE = "G9 progress";

  private record Start(int peer, long seq) {}

  private final List<Start> open = new ArrayList<>();

  @Override
  public void started(int peer, long seq, Value value) {
    open.add(new Start(peer, seq));
  }

  /** Whether nothing is left to wait for at the peers of {@code core}. */
  boolean isDone(PeerSet core, Oracle.Hosts hosts) {
    // Whatever is settled once stays so: a decided instance can only become a forgotten one.
    open.removeIf(start -> core.has(start.peer()) && !isPending(hosts, start));
    return open.stream().noneMatch(start -> core.has(start.peer()));
  }

  void check(PeerSet core, Oracle.Hosts hosts) {
    if (!isDone(core, hosts)) {
      Start start = open.stream()
          .filter(candidate -> core.has(candidate.peer()))
          .findFirst()
          .orElseThrow();
      throw new Violation(
          RULE,
          "instance " + start.seq() + " is still pending at peer " + start.peer()
              + ", which started it");
    }
  }

  private static boolean isPending(Oracle.Hosts hosts, Start start) {
    return hosts.of(start.peer()).status(start.seq()).equals(Status.PENDING);
  }
}
