package dev.paxoskv.server.service;

import dev.paxoskv.paxos.host.Host;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.proto.kv.HashStatement;
import dev.paxoskv.server.compare.StateComparison;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What this server has to say of its state, on its way into the log: the way of all commands, but
 * one that gets lost is lost. It is said again only if the states are known to differ.
 */
final class Statements {
  static final int REPEAT_TICKS = 100;

  private final Host host;
  private final Supplier<StateComparison> comparison;
  private Optional<Value> waiting = Optional.empty();
  private int ticks;

  /** {@code comparison} is that of the present state. */
  Statements(Host host, Supplier<StateComparison> comparison) {
    this.host = host;
    this.comparison = comparison;
  }

  /** What is due goes to the server that commands are handed to, or waits here if that is -1. */
  void gather(int way) {
    Optional<HashStatement> due = comparison.get().takeDue();
    if (due.isEmpty() || isOfThePast(due.get())) {
      return;
    }
    Value statement = Batches.of(due.get());
    if (way >= 0) {
      host.forward(way, statement);
    } else {
      // Of two the newer says more.
      waiting = Optional.of(statement);
    }
  }

  /** Whether this server catches up, and the others have no use for it any more. */
  private boolean isOfThePast(HashStatement statement) {
    return host.max() - statement.getLast() > StateComparison.EVERY;
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** What waits; there must be something. */
  Value take() {
    Value taken = waiting.orElseThrow();
    waiting = Optional.empty();
    return taken;
  }

  void tick() {
    ticks++;
    if (ticks % REPEAT_TICKS == 0) {
      comparison.get().repeat();
    }
  }
}
