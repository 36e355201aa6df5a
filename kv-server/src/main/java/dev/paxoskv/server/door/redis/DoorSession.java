package dev.paxoskv.server.door.redis;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnsafeByteOperations;
import dev.paxoskv.proto.kv.Command;
import dev.paxoskv.proto.kv.Limit;
import dev.paxoskv.proto.kv.OpenSession;
import dev.paxoskv.server.machine.Result;
import dev.paxoskv.server.machine.SessionId;
import dev.paxoskv.server.service.KvService;
import dev.paxoskv.server.service.ReplyTo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The session under which all writes of this door enter the log, so that a write which the server
 * proposes twice, or hands to a leader and then proposes itself, is applied once. One for all
 * connections: their clients know nothing of numbers, so it is this server that repeats. It is
 * opened when there is a write, and again when it has ended.
 */
final class DoorSession implements ReplyTo {
  private static final int WINDOW = Limit.SESSION_WINDOW_VALUE;

  /** One that is open, as far as is known, and its numbers. */
  static final class Open {
    private final SessionId id;

    /** Numbers above the acknowledged one whose writes are over, at their place in the window. */
    private final boolean[] over = new boolean[WINDOW];

    private long acknowledged;
    private long last;

    Open(SessionId id) {
      this.id = id;
    }

    SessionId id() {
      return id;
    }

    /** Whether so many more writes can be numbered. */
    boolean hasRoomFor(int more) {
      return last + more - acknowledged <= WINDOW;
    }

    /** A number for a write. */
    long number() {
      return ++last;
    }

    /** The encoding of a Command that does {@code operation} under this session and number. */
    byte[] command(long number, ByteString operation) {
      int size = CodedOutputStream.computeFixed64Size(Command.SESSION_HIGH_FIELD_NUMBER, id.high())
          + CodedOutputStream.computeFixed64Size(Command.SESSION_LOW_FIELD_NUMBER, id.low())
          + CodedOutputStream.computeUInt64Size(Command.NUMBER_FIELD_NUMBER, number)
          + CodedOutputStream.computeUInt64Size(Command.ACKNOWLEDGED_FIELD_NUMBER, acknowledged)
          + operation.size();
      byte[] bytes = new byte[size];
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      try {
        out.writeFixed64(Command.SESSION_HIGH_FIELD_NUMBER, id.high());
        out.writeFixed64(Command.SESSION_LOW_FIELD_NUMBER, id.low());
        out.writeUInt64(Command.NUMBER_FIELD_NUMBER, number);
        out.writeUInt64(Command.ACKNOWLEDGED_FIELD_NUMBER, acknowledged);
        UnsafeByteOperations.unsafeWriteTo(operation, out);
        out.checkNoSpaceLeft();
      } catch (IOException e) {
        throw new UncheckedIOException("the size of a command was worked out wrongly", e);
      }
      return bytes;
    }

    /** The write is answered or given up. */
    void over(long number) {
      over[place(number)] = true;
      while (acknowledged < last && over[place(acknowledged + 1)]) {
        acknowledged++;
        over[place(acknowledged)] = false;
      }
    }

    private static int place(long number) {
      return (int) (number % WINDOW);
    }
  }

  private final KvService service;
  private final Command question;
  private final ByteString questionBytes;
  private Optional<Open> open = Optional.empty();
  private List<WriteRun> waiting = new ArrayList<>();

  /** Asks {@code service} for sessions; {@code dice} draws what its answers are known by. */
  DoorSession(KvService service, RandomGenerator dice) {
    this.service = service;
    this.question = Command.newBuilder()
        .setSessionHigh(dice.nextLong())
        .setSessionLow(dice.nextLong())
        .setOpenSession(OpenSession.getDefaultInstance())
        .build();
    this.questionBytes = question.toByteString();
  }

  /** Lets the run in now, or once there is a session. */
  void enter(WriteRun run) {
    if (open.isPresent()) {
      run.enter(open.get());
      return;
    }
    waiting.removeIf(WriteRun::isOver);
    waiting.add(run);
    // While an answer is on its way this is no second question.
    service.submit(question, questionBytes, this);
  }

  /** It has ended; that need not be the one that is open now. */
  void ended(Open session) {
    open = open.filter(present -> present != session);
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public void completed(long ignored, Result result) {
    if (result instanceof Result.Opened opened) {
      Open session = new Open(opened.session());
      open = Optional.of(session);
      takeWaiting().forEach(run -> run.enter(session));
    }
  }

  @Override
  public void refused(long ignored, String reason) {
    takeWaiting().forEach(run -> run.fail("ERR not applied: no session: " + reason));
  }

  @Override
  public void retryLater(long ignored, String reason) {
    takeWaiting().forEach(run -> run.fail("TRYAGAIN not applied: " + reason));
  }

  private List<WriteRun> takeWaiting() {
    List<WriteRun> taken = waiting;
    waiting = new ArrayList<>();
    return taken;
  }
}
