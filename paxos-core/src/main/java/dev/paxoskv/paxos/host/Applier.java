package dev.paxoskv.paxos.host;

import dev.paxoskv.paxos.protocol.Invariants;
import dev.paxoskv.paxos.protocol.Status;
import dev.paxoskv.paxos.protocol.roles.Effect;
import dev.paxoskv.paxos.protocol.roles.Replica;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Applies decided values in seq order and without gaps, and has a read answered as soon as the
 * state covers all that the read must see.
 */
final class Applier {
  private final Replica replica;
  private final Optional<StateMachine> machine;
  private final TreeMap<Long, List<Runnable>> reads = new TreeMap<>();
  private long applied;

  Applier(Replica replica, Optional<StateMachine> machine) {
    this.replica = replica;
    this.machine = machine;
    this.applied = machine.map(StateMachine::applied).orElse(-1L);
    Invariants.check(
        machine.isEmpty() || replica.min() <= applied + 1,
        () -> "instances up to " + (replica.min() - 1) + " are forgotten, but the state covers only"
            + " those up to " + applied + ": a snapshot is missing or damaged");
  }

  long applied() {
    return applied;
  }

  /** To be answered at the next {@link #apply} that reaches far enough. */
  void answer(Effect.Read read) {
    reads.computeIfAbsent(read.index(), index -> new ArrayList<>()).addAll(read.answers());
  }

  void apply() {
    if (machine.isEmpty()) {
      return;
    }
    Status next = replica.status(applied + 1);
    while (next.isDecided()) {
      machine.get().apply(applied + 1, next.value().orElseThrow());
      applied++;
      next = replica.status(applied + 1);
    }
    replica.done(machine.get().done());
    answerReads();
  }

  private void answerReads() {
    NavigableMap<Long, List<Runnable>> due = reads.headMap(applied, true);
    List<List<Runnable>> answers = List.copyOf(due.values());
    due.clear();
    answers.forEach(each -> each.forEach(Runnable::run));
  }
}
