package dev.paxoskv.sim.check;

import dev.paxoskv.paxos.protocol.Message.Accept;
import dev.paxoskv.paxos.protocol.Value;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** G2: what is proposed or decided in an instance was given to start for that instance. */
final class ValidityChecker implements Witness {
  static final String RULE = "G2 somebody started it";

  private final Map<Long, Set<Value>> started = new HashMap<>();

  @Override
  public void started(int peer, long seq, Value value) {
    started.computeIfAbsent(seq, s -> new HashSet<>()).add(value);
  }

  @Override
  public void sent(Hop hop) {
    if (hop.message() instanceof Accept accept) {
      check(accept.seq(), accept.value(), "proposed by peer " + hop.from());
    }
  }

  @Override
  public void decided(int peer, long seq, Value value) {
    check(seq, value, "decided at peer " + peer);
  }

  private void check(long seq, Value value, String what) {
    if (!started.getOrDefault(seq, Set.of()).contains(value)) {
      throw new Violation(RULE, value + " in " + seq + " was " + what + " but never started");
    }
  }
}
