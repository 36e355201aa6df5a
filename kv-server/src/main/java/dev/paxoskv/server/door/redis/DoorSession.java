package dev.paxoskv.server.door.redis;

import dev.paxoskv.proto.kv.Command;
import dev.paxoskv.proto.kv.Limit;
import dev.paxoskv.server.machine.SessionId;
import java.util.BitSet;
import java.util.random.RandomGenerator;

/**
 * The session under which all writes of this door enter the log, so that a write which the server
 * proposes twice, or hands to a leader and then proposes itself, is applied once. One for all
 * connections: their clients know nothing of numbers, so it is this server that repeats.
 */
final class DoorSession {
  private static final int WINDOW = Limit.SESSION_WINDOW_VALUE;

  private final SessionId id;

  /** Numbers above the acknowledged one whose writes are over, at their place modulo the window. */
  private final BitSet over = new BitSet(WINDOW);

  private long acknowledged;
  private long last;

  DoorSession(RandomGenerator dice) {
    this.id = new SessionId(dice.nextLong(), dice.nextLong());
  }

  SessionId id() {
    return id;
  }

  /** Whether so many more writes can be numbered. */
  boolean hasRoomFor(int more) {
    return last + more - acknowledged <= WINDOW;
  }

  /** Gives a write its number, and returns that. */
  long number(Command.Builder command) {
    last++;
    command
        .setSessionHigh(id.high())
        .setSessionLow(id.low())
        .setNumber(last)
        .setAcknowledged(acknowledged);
    return last;
  }

  /** The write is answered or given up. */
  void over(long number) {
    over.set(place(number));
    while (acknowledged < last && over.get(place(acknowledged + 1))) {
      acknowledged++;
      over.clear(place(acknowledged));
    }
  }

  private static int place(long number) {
    return (int) (number % WINDOW);
  }
}
