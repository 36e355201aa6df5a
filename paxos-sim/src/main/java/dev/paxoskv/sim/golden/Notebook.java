package dev.paxoskv.sim.golden;

import dev.paxoskv.paxos.host.StateMachine;
import dev.paxoskv.paxos.protocol.Value;
import java.util.ArrayList;
import java.util.List;

/** The plainest state: all values applied, in order. Never done with any. */
final class Notebook implements StateMachine {
  private final List<String> applied = new ArrayList<>();

  @Override
  public void apply(long seq, Value value) {
    applied.add(value.toString());
  }

  @Override
  public long done() {
    return -1;
  }

  @Override
  public String toString() {
    return applied.isEmpty() ? "nothing" : String.join(" ", applied);
  }
}
