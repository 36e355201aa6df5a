package dev.paxoskv.paxos.host;

import dev.paxoskv.paxos.protocol.Invariants;
import dev.paxoskv.paxos.protocol.Value;
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
  private final History history;
  private final Transfer transfer;
  private final TreeMap<Long, List<Runnable>> reads = new TreeMap<>();
  private NavigableMap<Long, Value> recalled = new TreeMap<>();
  private boolean isRecalling;
  private long applied;

  Applier(Replica replica, Optional<StateMachine> machine, History history, Transport transport) {
    this.replica = replica;
    this.machine = machine;
    this.history = history;
    this.transfer = new Transfer(replica, transport, machine.flatMap(StateMachine::snapshots));
    this.applied = machine.map(StateMachine::applied).orElse(-1L);
    replica.applied(applied);
    boolean canGetOne = replica.members().peers() > 1
        && machine.flatMap(StateMachine::snapshots).isPresent();
    Invariants.check(
        !lacksSnapshot() || canGetOne,
        () ->
            "instances up to " + (replica.floor() - 1) + " are forgotten, but the state covers only"
                + " those up to " + applied + ": a snapshot is missing or damaged");
  }

  long applied() {
    return applied;
  }

  void perform(Effect.OfSnapshot effect) {
    if (effect instanceof Effect.Adopt) {
      adopt();
    } else {
      transfer.perform(effect);
    }
  }

  /** Whether the log has forgotten what the state does not cover: a peer must give a snapshot. */
  boolean lacksSnapshot() {
    return machine.isPresent() && replica.floor() > applied + 1;
  }

  /** To be answered at the next {@link #apply} that reaches far enough. */
  void answer(Effect.Read read) {
    reads.computeIfAbsent(read.index(), index -> new ArrayList<>()).addAll(read.answers());
  }

  void apply() {
    if (machine.isEmpty()) {
      return;
    }
    Optional<Value> next = next();
    while (next.isPresent()) {
      machine.get().apply(applied + 1, next.get());
      applied++;
      next = next();
    }
    replica.applied(applied);
    replica.done(machine.get().done());
    if (machine.get().covered() >= 0) {
      replica.snapshotTaken(machine.get().covered());
    }
    answerReads();
  }

  /** The state has become that of a snapshot which another peer gave. */
  private void adopt() {
    StateMachine state = machine.orElseThrow();
    state.snapshots().orElseThrow().adopt();
    Invariants.check(
        state.applied() > applied, () -> "the state falls from " + applied + " to an older one");
    applied = state.applied();
    replica.applied(applied);
    replica.pull().installed(true);
  }

  /** The value to apply next, if it is known and in memory. */
  private Optional<Value> next() {
    if (!replica.heap().isSpilled(applied + 1)) {
      return replica.status(applied + 1).value();
    }
    Optional<Value> value = Optional.ofNullable(recalled.remove(applied + 1));
    if (value.isEmpty()) {
      recall();
    }
    return value;
  }

  /** A peer that was behind has spilled what it has not applied: it reads that again, in pieces. */
  private void recall() {
    if (!isRecalling) {
      isRecalling = true;
      history.read(applied + 1, Long.MAX_VALUE, values -> {
        isRecalling = false;
        recalled = values;
      });
    }
  }

  private void answerReads() {
    NavigableMap<Long, List<Runnable>> due = reads.headMap(applied, true);
    List<List<Runnable>> answers = List.copyOf(due.values());
    due.clear();
    answers.forEach(each -> each.forEach(Runnable::run));
  }
}
