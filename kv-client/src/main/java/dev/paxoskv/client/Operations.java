package dev.paxoskv.client;

import com.google.protobuf.CodedOutputStream;
import dev.paxoskv.paxos.net.wire.MalformedFrameException;
import dev.paxoskv.proto.kv.ClientFrame;
import dev.paxoskv.proto.kv.Command;
import dev.paxoskv.proto.kv.Limit;
import dev.paxoskv.proto.kv.Reply;
import dev.paxoskv.proto.kv.SessionOpened;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The unfinished operations of one client. Each has one number for all its tries in one session, is
 * either waiting to be sent, sent on the connection that is open now, or put off by a server, and
 * ends with exactly one outcome. When its session ends, a write goes into the next one only if it
 * has certainly not been applied. No sockets and no threads here; the owner calls from one thread.
 */
final class Operations {
  /** What a reply did. */
  enum Effect {
    FINISHED,
    PUT_OFF,
    /** Of an operation that is finished, or that is not on this connection. */
    NONE
  }

  private final ClientSession session;
  private final LongSupplier clock;
  private final long lateNanos;

  /** In the order of numbers. */
  private final LinkedHashMap<Long, Operation> unfinished = new LinkedHashMap<>();

  private final LinkedHashMap<Long, Operation> waiting = new LinkedHashMap<>();

  /** In the order of sending. */
  private final LinkedHashMap<Long, Operation> sent = new LinkedHashMap<>();

  private long lastNumber;

  /**
   * @param clock nanoseconds, never going back
   * @param lateNanos how long before its deadline an operation is no longer handed to a first
   *     server
   * @param dice draws what a reply about the session is known by; must not repeat in any other
   *     client
   */
  Operations(LongSupplier clock, long lateNanos, RandomGenerator dice) {
    this.clock = clock;
    this.lateNanos = lateNanos;
    this.session = new ClientSession(dice);
  }

  boolean isEmpty() {
    return unfinished.isEmpty();
  }

  boolean hasSent() {
    return !sent.isEmpty() || session.askedNanos().isPresent();
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
    Frames frames = new Frames();
    long nowNanos = clock.getAsLong();
    long acknowledged = acknowledgedIn(session.current());
    for (Operation operation : List.copyOf(waiting.values())) {
      if (operation.isTooLate(nowNanos, lateNanos) || !isReady(operation, nowNanos, frames)) {
        continue;
      }
      SessionOpened own = operation.sessionOr(session.current());
      long before = Objects.equals(own, session.current()) ? acknowledged : acknowledgedIn(own);
      if (!operation.isRead() && operation.number() - before > Limit.SESSION_WINDOW_VALUE) {
        // Servers remember no more than that of one session; it waits for the oldest to finish.
        continue;
      }
      operation.exposed(nowNanos, own);
      frames.add(operation.command(before));
      waiting.remove(operation.number());
      sent.put(operation.number(), operation);
    }
    return frames.take();
  }

  /** A write needs a session; if there is none, it is asked for. */
  private boolean isReady(Operation operation, long nowNanos, Frames frames) {
    boolean isReady = operation.isRead() || operation.sessionOr(session.current()) != null;
    if (!isReady && session.mustBeAsked()) {
      frames.add(session.ask(nowNanos));
    }
    return isReady;
  }

  /** Commands in as few frames as it fits. */
  private static final class Frames {
    private final List<ClientFrame> full = new ArrayList<>();
    private final ClientFrame.Builder last = ClientFrame.newBuilder();
    private int bytes;

    void add(Command command) {
      int more = CodedOutputStream.computeMessageSize(ClientFrame.COMMANDS_FIELD_NUMBER, command);
      if (bytes + more > Limit.FRAME_BYTES_MAX_VALUE) {
        full.add(last.build());
        last.clear();
        bytes = 0;
      }
      last.addCommands(command);
      bytes += more;
    }

    List<ClientFrame> take() {
      if (bytes > 0) {
        full.add(last.build());
      }
      return full;
    }
  }

  /**
   * Takes in a reply that came on the open connection.
   *
   * @throws MalformedFrameException if it answers another question than was asked
   */
  Effect answer(Reply reply) {
    if (reply.getNumber() == 0) {
      return answerForSession(reply);
    }
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
      putOff(operation);
      return Effect.PUT_OFF;
    }
    unfinished.remove(operation.number());
    if (reply.hasSessionExpired()) {
      expired(operation);
    } else if (reply.hasRefused()) {
      operation.takenBack();
      operation.refused(reply.getRefused().getReason(), reply.getRefused().getIsFinal());
    } else {
      operation.succeed(reply);
    }
    return Effect.FINISHED;
  }

  private void putOff(Operation operation) {
    @Nullable SessionOpened own = operation.sessionOr(null);
    operation.takenBack();
    if (!operation.isExposed() && !Objects.equals(own, session.current())) {
      // The session that it goes into next may have all numbers up to its own acknowledged.
      unfinished.remove(operation.number());
      operation.number(++lastNumber);
      unfinished.put(operation.number(), operation);
    }
  }

  private Effect answerForSession(Reply reply) {
    if (!session.answer(reply)) {
      return Effect.NONE;
    }
    if (reply.hasRefused()) {
      for (Operation operation : List.copyOf(waiting.values())) {
        if (!operation.isRead() && operation.sessionOr(null) == null) {
          unfinished.remove(operation.number());
          waiting.remove(operation.number());
          operation.refused("no session: " + reply.getRefused().getReason(), false);
        }
      }
    }
    return reply.hasRetryLater() ? Effect.PUT_OFF : Effect.FINISHED;
  }

  /** This copy had no effect, as its session has ended; what of copies that went before? */
  private void expired(Operation operation) {
    session.ended(operation.sessionOr(null));
    operation.takenBack();
    if (operation.isExposed()) {
      operation.forgotten();
    } else {
      add(operation);
    }
  }

  /** What was put off waits again. */
  void resume() {
    session.resume();
    for (Operation operation : unfinished.values()) {
      if (!sent.containsKey(operation.number())) {
        waiting.put(operation.number(), operation);
      }
    }
  }

  /** The connection is no more: everything unfinished waits again, with all its exposures. */
  void disconnected() {
    session.disconnected();
    sent.clear();
    waiting.clear();
    waiting.putAll(unfinished);
  }

  /** When the oldest of what is on the open connection was sent. */
  OptionalLong oldestSentNanos() {
    OptionalLong oldest = sent.values().stream().mapToLong(Operation::sentNanos).findFirst();
    OptionalLong asked = session.askedNanos();
    boolean isAskedFirst =
        oldest.isEmpty() || (asked.isPresent() && asked.getAsLong() - oldest.getAsLong() < 0);
    return isAskedFirst ? asked : oldest;
  }

  OptionalLong firstDeadlineNanos() {
    long nowNanos = clock.getAsLong();
    OptionalLong left = unfinished.values().stream()
        .mapToLong(operation -> operation.deadlineNanos() - nowNanos)
        .min();
    return left.isEmpty() ? left : OptionalLong.of(nowNanos + left.getAsLong());
  }

  /** Gives up what is past its deadline. */
  void expire(String why) {
    long nowNanos = clock.getAsLong();
    List<Operation> late = unfinished.values().stream()
        .filter(operation -> operation.deadlineNanos() - nowNanos <= 0)
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

  /**
   * Every number up to here is answered or given up, or will not be used in {@code own}, so servers
   * need not remember for that session what it came to.
   */
  private long acknowledgedIn(@Nullable SessionOpened own) {
    for (Operation operation : unfinished.values()) {
      if (!operation.isRead() && Objects.equals(operation.sessionOr(own), own)) {
        return operation.number() - 1;
      }
    }
    return lastNumber;
  }
}
