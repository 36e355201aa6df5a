package dev.paxoskv.client;

import com.google.protobuf.CodedOutputStream;
import dev.paxoskv.paxos.net.wire.MalformedFrameException;
import dev.paxoskv.proto.kv.ClientFrame;
import dev.paxoskv.proto.kv.Command;
import dev.paxoskv.proto.kv.Limit;
import dev.paxoskv.proto.kv.Reply;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import java.util.random.RandomGenerator;

/**
 * The unfinished operations of one session. Each has one number for all its tries, is either
 * waiting to be sent, sent on the connection that is open now, or put off by a server, and ends
 * with exactly one outcome. No sockets and no threads here; the owner calls from one thread.
 */
final class Operations {
  /** What a reply did. */
  enum Effect {
    FINISHED,
    PUT_OFF,
    /** Of an operation that is finished, or that is not on this connection. */
    NONE
  }

  private final Command session;
  private final LongSupplier clock;
  private final long lateNanos;

  /** In the order of numbers, which is that of deadlines too: all have the same timeout. */
  private final LinkedHashMap<Long, Operation> unfinished = new LinkedHashMap<>();

  private final LinkedHashMap<Long, Operation> waiting = new LinkedHashMap<>();

  /** In the order of sending. */
  private final LinkedHashMap<Long, Operation> sent = new LinkedHashMap<>();

  private long lastNumber;

  /**
   * @param clock nanoseconds, never going back
   * @param lateNanos how long before its deadline an operation is no longer handed to a first
   *     server
   * @param dice draws the session's id; must not repeat in any other client
   */
  Operations(LongSupplier clock, long lateNanos, RandomGenerator dice) {
    this.clock = clock;
    this.lateNanos = lateNanos;
    this.session = Command.newBuilder()
        .setSessionHigh(dice.nextLong())
        .setSessionLow(dice.nextLong())
        .build();
  }

  boolean isEmpty() {
    return unfinished.isEmpty();
  }

  boolean hasSent() {
    return !sent.isEmpty();
  }

  /** Gives the operation its number and lets it wait. */
  void add(Operation operation) {
    operation.number(++lastNumber);
    unfinished.put(operation.number(), operation);
    waiting.put(operation.number(), operation);
  }

  /**
   * Everything that waits and may still be sent, in as few frames as it fits; the caller writes
   * them to the open connection without fail, for from here on they count as given to its server.
   */
  List<ClientFrame> take() {
    List<ClientFrame> frames = new ArrayList<>();
    ClientFrame.Builder frame = ClientFrame.newBuilder();
    long acknowledged = acknowledged();
    long nowNanos = clock.getAsLong();
    int bytes = 0;
    for (Operation operation : List.copyOf(waiting.values())) {
      if (operation.number() - acknowledged > Limit.SESSION_WINDOW_VALUE) {
        // Servers remember no more than that of one session; it waits for the oldest to finish.
        continue;
      }
      if (operation.isTooLate(nowNanos, lateNanos)) {
        continue;
      }
      Command command = operation.command(session, acknowledged);
      int more = CodedOutputStream.computeMessageSize(ClientFrame.COMMANDS_FIELD_NUMBER, command);
      if (bytes + more > Limit.FRAME_BYTES_MAX_VALUE) {
        frames.add(frame.build());
        frame.clear();
        bytes = 0;
      }
      frame.addCommands(command);
      bytes += more;
      operation.exposed(nowNanos);
      waiting.remove(operation.number());
      sent.put(operation.number(), operation);
    }
    if (bytes > 0) {
      frames.add(frame.build());
    }
    return frames;
  }

  /**
   * Takes in a reply that came on the open connection.
   *
   * @throws MalformedFrameException if it answers another question than was asked
   */
  Effect answer(Reply reply) {
    Optional<Operation> asked = Optional.ofNullable(sent.get(reply.getNumber()));
    if (asked.isEmpty()) {
      return Effect.NONE;
    }
    Operation operation = asked.get();
    if (!operation.isAnsweredBy(reply)) {
      throw new MalformedFrameException("an answer that does not fit the question");
    }
    sent.remove(operation.number());
    if (reply.hasRetryLater()) {
      operation.takenBack();
      return Effect.PUT_OFF;
    }
    unfinished.remove(operation.number());
    if (reply.hasRefused()) {
      operation.takenBack();
      operation.refused(reply.getRefused().getReason(), reply.getRefused().getIsFinal());
    } else {
      operation.succeed(reply);
    }
    return Effect.FINISHED;
  }

  /** What was put off waits again. */
  void resume() {
    for (Operation operation : unfinished.values()) {
      if (!sent.containsKey(operation.number())) {
        waiting.put(operation.number(), operation);
      }
    }
  }

  /** The connection is no more: everything unfinished waits again, with all its exposures. */
  void disconnected() {
    sent.clear();
    waiting.clear();
    waiting.putAll(unfinished);
  }

  /** When the oldest operation that is on the open connection was sent. */
  OptionalLong oldestSentNanos() {
    return first(sent.values(), Operation::sentNanos);
  }

  OptionalLong firstDeadlineNanos() {
    return first(unfinished.values(), Operation::deadlineNanos);
  }

  private static OptionalLong first(
      Collection<Operation> operations, ToLongFunction<Operation> part) {
    return operations.stream().mapToLong(part).findFirst();
  }

  /** Gives up what is past its deadline. */
  void expire(String why) {
    long nowNanos = clock.getAsLong();
    List<Operation> late = unfinished.values().stream()
        .takeWhile(o -> o.deadlineNanos() - nowNanos <= 0)
        .toList();
    giveUp(late, why);
  }

  /** Gives up everything. */
  void abandon(String why) {
    giveUp(List.copyOf(unfinished.values()), why);
  }

  private void giveUp(List<Operation> operations, String why) {
    for (Operation operation : operations) {
      unfinished.remove(operation.number());
      waiting.remove(operation.number());
      sent.remove(operation.number());
      operation.giveUp(why);
    }
  }

  /** Every number up to here is answered or given up, so servers need not remember its answer. */
  private long acknowledged() {
    return unfinished.isEmpty() ? lastNumber : unfinished.keySet().iterator().next() - 1;
  }
}
