package dev.paxoskv.server.service;

import com.google.protobuf.ByteString;
import dev.paxoskv.paxos.host.Host;
import dev.paxoskv.proto.kv.Command;
import dev.paxoskv.proto.kv.Command.OperationCase;
import dev.paxoskv.server.machine.SessionId;
import dev.paxoskv.server.machine.command.CommandReader;
import dev.paxoskv.server.service.KvService.Health;
import dev.paxoskv.server.service.Pending.Operation;
import dev.paxoskv.server.service.RequestMeter.Outcome;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which commands are taken in: sound ones, as long as there is room and nothing is in the way. */
final class Admission {
  /** Most commands admitted and not answered. */
  static final int PENDING_MAX = 65_536;

  /** Most bytes of commands admitted and not answered. */
  static final long PENDING_BYTES_MAX = 64L << 20;

  /** Writes are put off while so many bytes of the log are kept for servers that are away. */
  static final long RETAINED_BYTES_MAX = 128L << 20;

  private final Host host;
  private final Pending pending;
  private final WaitingWrites waiting;
  private final Reads reads;
  private final Health health;
  private final RequestMeter meter;
  private SessionId session = new SessionId(0, 0);
  private Optional<String> obstacle = Optional.empty();
  private boolean isObstacleKnown;

  Admission(Host host, Pending pending, WaitingWrites waiting, Reads reads, Health health) {
    this.host = host;
    this.pending = pending;
    this.waiting = waiting;
    this.reads = reads;
    this.health = health;
    this.meter = pending.meter();
  }

  /** Takes a write of one key in, or answers at once why not; null if none was added. */
  @Nullable
  Operation take(CommandReader write, ByteString bytes, ReplyTo replyTo) {
    OperationCase kind = write.asked().operation();
    Optional<String> fault = CommandCheck.faultOf(write, bytes.size());
    if (fault.isPresent()) {
      refuse(kind, write.number(), fault.get(), replyTo);
      return null;
    }
    return admit(kind, sessionOf(write), write.number(), bytes, replyTo);
  }

  /** The commands of a client come in runs, so that most need no session of their own. */
  private SessionId sessionOf(CommandReader write) {
    if (session.high() != write.sessionHigh() || session.low() != write.sessionLow()) {
      session = new SessionId(write.sessionHigh(), write.sessionLow());
    }
    return session;
  }

  boolean isFaulty(Command command, ByteString bytes, ReplyTo replyTo) {
    Optional<String> fault = CommandCheck.faultOf(command, bytes.size());
    fault.ifPresent(why -> refuse(command.getOperationCase(), command.getNumber(), why, replyTo));
    return fault.isPresent();
  }

  private void refuse(OperationCase kind, long number, String why, ReplyTo replyTo) {
    meter.count(kind, Outcome.REFUSED);
    replyTo.refused(number, why);
  }

  @Nullable
  Operation admit(Command command, ByteString bytes, ReplyTo replyTo) {
    return admit(
        command.getOperationCase(),
        new SessionId(command.getSessionHigh(), command.getSessionLow()),
        command.getNumber(),
        bytes,
        replyTo);
  }

  /** Takes a write in, or answers at once why not; null if none was added to what waits. */
  @Nullable
  Operation admit(
      OperationCase kind, SessionId session, long number, ByteString bytes, ReplyTo replyTo) {
    if (pending.redirect(session, number, replyTo)) {
      return null;
    }
    Optional<String> obstacle = obstacle();
    if (obstacle.isPresent()) {
      putOff(kind, number, obstacle.get(), replyTo);
      return null;
    }
    if (!hasRoomFor(kind, number, bytes.size(), replyTo)) {
      return null;
    }
    Operation admitted = pending.add(session, number, bytes, kind, replyTo);
    waiting.add(admitted);
    return admitted;
  }

  /** The step is over: what is in the way of writes is looked up anew when the next comes. */
  void goOn() {
    isObstacleKnown = false;
  }

  private Optional<String> obstacle() {
    if (!isObstacleKnown) {
      obstacle = health.putOff().or(() -> KvService.lackOfDisks(host)).or(this::retainsTooMuch);
      isObstacleKnown = true;
    }
    return obstacle;
  }

  private Optional<String> retainsTooMuch() {
    return host.retainedBytes() <= RETAINED_BYTES_MAX
        ? Optional.empty()
        : Optional.of("the log may not be cut and holds " + host.retainedBytes()
            + " bytes, the limit is " + RETAINED_BYTES_MAX
            + ": a server is away, or does not keep up");
  }

  private void putOff(OperationCase kind, long number, String reason, ReplyTo replyTo) {
    meter.count(kind, Outcome.RETRY_LATER);
    replyTo.retryLater(number, reason);
  }

  boolean hasRoomFor(OperationCase kind, long number, int bytes, ReplyTo replyTo) {
    if (isFull(bytes)) {
      reads.dropAbandoned();
      waiting.dropAbandoned();
    }
    boolean hasRoom = !isFull(bytes);
    if (!hasRoom) {
      putOff(
          kind,
          number,
          "busy: " + count() + " commands of " + bytes() + " bytes wait, the limits are "
              + PENDING_MAX + " and " + PENDING_BYTES_MAX,
          replyTo);
    }
    return hasRoom;
  }

  private int count() {
    return pending.count() + reads.count();
  }

  private long bytes() {
    return pending.bytes() + reads.bytes();
  }

  private boolean isFull(int bytes) {
    return count() >= PENDING_MAX || bytes() + bytes > PENDING_BYTES_MAX;
  }
}
