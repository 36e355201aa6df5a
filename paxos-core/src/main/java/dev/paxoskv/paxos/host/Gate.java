package dev.paxoskv.paxos.host;

import dev.paxoskv.paxos.protocol.Invariants;
import dev.paxoskv.paxos.protocol.roles.Effect;
import java.util.ArrayDeque;

/**
 * Holds back what must not leave before the journal is durable. An effect waits for the last
 * position appended when it was made, even if its own step appended nothing. Otherwise the answer
 * to a repeated Accept could leave before the record of the first one is durable.
 */
final class Gate {
  private record Gated(long position, Effect effect) {}

  private final ArrayDeque<Gated> waiting = new ArrayDeque<>();
  private long appended;
  private long durable;
  private long syncing;
  private int waitingTicks;

  void appended(long position) {
    long expected = appended + 1;
    Invariants.check(
        position == expected, () -> "journal position " + position + ", expected " + expected);
    appended = position;
  }

  void add(Effect effect) {
    waiting.addLast(new Gated(appended, effect));
  }

  /** Whether something waits for a sync that was not asked for yet; it is, from now on. */
  boolean callsForSync() {
    boolean isAwaited = !waiting.isEmpty() && waiting.getLast().position() > syncing;
    syncing = isAwaited ? appended : syncing;
    return isAwaited;
  }

  void durable(long position) {
    Invariants.check(
        position <= appended, () -> "durable at " + position + " but appended only " + appended);
    durable = Math.max(durable, position);
    waitingTicks = 0;
  }

  void tick() {
    waitingTicks = waiting.isEmpty() ? 0 : waitingTicks + 1;
  }

  /** For so long something has waited, and nothing has become durable. */
  int waitingTicks() {
    return waitingTicks;
  }

  boolean isOpen() {
    return !waiting.isEmpty() && waiting.getFirst().position() <= durable;
  }

  /** What goes next; only while it is open. */
  Effect next() {
    return waiting.removeFirst().effect();
  }
}
