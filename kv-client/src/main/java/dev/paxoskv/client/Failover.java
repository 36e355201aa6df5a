package dev.paxoskv.client;

import dev.paxoskv.client.edge.Connection;
import dev.paxoskv.client.edge.Edge;
import dev.paxoskv.paxos.net.wire.MalformedFrameException;
import dev.paxoskv.proto.kv.ClientFrame;
import dev.paxoskv.proto.kv.Reply;
import dev.paxoskv.proto.kv.ServerFrame;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings operations to some server: keeps one connection, leaves a server that fails, stays silent
 * or puts everything off, and sends all that is unfinished to the next one, under the same numbers.
 * It goes back to the first once that serves again, between two operations. It dials only while
 * there is something to send. Used on the edge's thread only.
 */
final class Failover implements Connection.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(Failover.class);

  private final Edge edge;
  private final ServerRing ring;
  private final Operations operations;
  private final long tryNanos;
  private final Alarm deadline;
  private final Alarm silence;
  private final Alarm dialAgain;
  private final Alarm resume;
  private Optional<Connection> connection = Optional.empty();
  private String trouble = "";
  private boolean isFlushDue;
  private boolean isGoingHome;

  /**
   * @param edge its time is the one that the operations' deadlines are on
   * @param tryTimeout how long a server may leave an operation unanswered before it is left
   */
  Failover(Edge edge, ServerRing ring, Operations operations, Duration tryTimeout) {
    this.edge = edge;
    this.ring = ring;
    this.operations = operations;
    this.tryNanos = tryTimeout.toNanos();
    this.deadline = new Alarm(edge, this::expire);
    this.silence = new Alarm(edge, this::leaveIfSilent);
    this.dialAgain = new Alarm(edge, this::dialIfNeeded);
    this.resume = new Alarm(edge, this::resume);
  }

  void submit(Operation operation) {
    operations.add(operation);
    setDeadline();
    if (connection.isPresent()) {
      flushSoon();
    } else if (!dialAgain.isSet()) {
      dialIfNeeded();
    }
  }

  /** Gives up everything; nothing may be submitted afterwards. */
  void close() {
    operations.abandon("the client was closed");
    connection.ifPresent(Connection::close);
  }

  @Override
  public void opened(Connection opened) {
    flush();
  }

  @Override
  public void received(Connection from, ServerFrame frame) {
    if (!frame.getRefusal().isEmpty()) {
      throw new MalformedFrameException("it could not read our frame: " + frame.getRefusal());
    }
    boolean isAnswered = false;
    String excuse = "";
    for (Reply reply : frame.getRepliesList()) {
      Operations.Effect effect = operations.answer(reply);
      isAnswered |= effect == Operations.Effect.FINISHED;
      if (effect == Operations.Effect.PUT_OFF) {
        excuse =
            from.address() + " says to retry later: " + reply.getRetryLater().getReason();
      }
    }
    if (isAnswered) {
      ring.answered();
      trouble = "";
      flushSoon();
      if (ring.isTimeToLook()) {
        look();
      }
    }
    if (!excuse.isEmpty()) {
      putOff(isAnswered, excuse);
    }
  }

  /**
   * A server that works on other operations of ours is asked again after a pause: to leave it would
   * hand all of those to a second server. One that has nothing for us but excuses is left, at once
   * if it holds nothing of ours, else after a few pauses without a single answer.
   */
  private void putOff(boolean isAnswered, String excuse) {
    trouble = excuse;
    if (!isAnswered && !operations.hasSent() && ring.hasOthers()) {
      leave(excuse);
    } else if (!resume.isSet()) {
      resume.set(ring.putOff());
    }
  }

  private void resume() {
    if (connection.isPresent() && ring.isTimeToLeave()) {
      leave(trouble);
      return;
    }
    operations.resume();
    flush();
  }

  @Override
  public void lost(Connection lost, String why) {
    leave(lost.address() + " " + why);
  }

  private void leave(String why) {
    LOG.info("leaving a server: {}", why);
    trouble = why;
    if (isGoingHome) {
      goHome();
      return;
    }
    disconnect();
    long pauseNanos = ring.failed();
    if (pauseNanos == 0) {
      dialIfNeeded();
    } else {
      dialAgain.set(pauseNanos);
    }
  }

  private void disconnect() {
    connection.ifPresent(Connection::close);
    connection = Optional.empty();
    operations.disconnected();
  }

  /** Asks the first server, on a connection of its own, how it is. */
  private void look() {
    Probe<ServerStatus> probe = new Probe<>(edge, Probe.Question.status(), ring.look(), tryNanos);
    probe
        .result()
        .whenComplete((status, why) -> looked(why == null && status.notServing().isEmpty()));
    probe.ask();
  }

  private void looked(boolean serves) {
    if (ring.looked(serves)) {
      isGoingHome = true;
      flush();
    }
  }

  private void goHome() {
    isGoingHome = false;
    ring.goHome();
    LOG.info("going back to {}, which serves again", ring.current());
    disconnect();
    dialIfNeeded();
  }

  private void dialIfNeeded() {
    if (connection.isEmpty() && !operations.isEmpty()) {
      connection = Optional.of(edge.dial(ring.current(), tryNanos, this));
    }
  }

  /** What is submitted in one turn of the edge leaves in one frame. */
  private void flushSoon() {
    if (!isFlushDue) {
      isFlushDue = true;
      edge.execute(this::flush);
    }
  }

  private void flush() {
    isFlushDue = false;
    if (isGoingHome && !operations.hasSent()) {
      goHome();
    }
    // What is under way ends where it is, and what is new waits for that: no server is handed what
    // another one may be working on.
    if (isGoingHome || connection.isEmpty() || !connection.get().isOpen()) {
      return;
    }
    List<ClientFrame> frames = operations.take();
    if (!frames.isEmpty()) {
      connection.get().send(frames);
      if (!silence.isSet()) {
        silence.set(tryNanos);
      }
    }
  }

  private void leaveIfSilent() {
    OptionalLong oldest = operations.oldestSentNanos();
    if (oldest.isEmpty() || connection.isEmpty()) {
      return;
    }
    long leftNanos = oldest.getAsLong() + tryNanos - edge.nanos();
    if (leftNanos > 0) {
      silence.set(leftNanos);
      return;
    }
    leave(connection.get().address() + " did not answer within "
        + TimeUnit.NANOSECONDS.toMillis(tryNanos) + " ms");
  }

  private void expire() {
    String last = connection
        .map(c -> c.address() + (c.isOpen() ? " has not answered" : " is being dialled"))
        .orElse("");
    operations.expire("no answer in time (" + (trouble.isEmpty() ? last : trouble) + ")");
    flushSoon();
    setDeadline();
  }

  private void setDeadline() {
    if (!deadline.isSet()) {
      operations.firstDeadlineNanos().ifPresent(first -> deadline.set(first - edge.nanos()));
    }
  }

  /** Runs something once after a while, and is set for one time at most. */
  private static final class Alarm {
    private final Edge edge;
    private final Runnable action;
    private boolean isSet;

    Alarm(Edge edge, Runnable action) {
      this.edge = edge;
      this.action = action;
    }

    boolean isSet() {
      return isSet;
    }

    void set(long nanos) {
      isSet = true;
      edge.after(nanos, this::ring);
    }

    private void ring() {
      isSet = false;
      action.run();
    }
  }
}
