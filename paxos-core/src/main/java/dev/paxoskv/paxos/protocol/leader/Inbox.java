package dev.paxoskv.paxos.protocol.leader;

import dev.paxoskv.paxos.protocol.Value;
import java.util.ArrayDeque;

/**
 * What other peers want this one to propose for them, until the application takes it. Bounded: what
 * is too much is dropped, and whoever sent it proposes it some day himself.
 */
public final class Inbox {
  /** Most bytes that wait, unless one value alone is larger. */
  public static final long BYTES_MAX = 16L << 20;

  private final ArrayDeque<Value> waiting = new ArrayDeque<>();
  private long bytes;

  public void arrived(Value value) {
    if (waiting.isEmpty() || bytes + value.size() <= BYTES_MAX) {
      waiting.addLast(value);
      bytes += value.size();
    }
  }

  public boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** The oldest; there must be one. */
  public Value take() {
    Value value = waiting.removeFirst();
    bytes -= value.size();
    return value;
  }
}
