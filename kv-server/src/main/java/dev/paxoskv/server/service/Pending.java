package dev.paxoskv.server.service;

import com.google.protobuf.ByteString;
import dev.paxoskv.proto.kv.Command.OperationCase;
import dev.paxoskv.server.machine.KvStateMachine;
import dev.paxoskv.server.machine.Result;
import dev.paxoskv.server.machine.SessionId;
import org.jspecify.annotations.Nullable;

/**
 * Commands that were admitted here and have no answer yet, by the name that they carry in the log.
 */
public final class Pending implements KvStateMachine.Listener {

  /** One admitted command: the bytes to propose, and who waits. */
  static final class Operation {
    final SessionId session;
    final long number;
    final ByteString command;
    final OperationCase kind;
    ReplyTo replyTo;

    /** When it was admitted, as the meter tells the time. */
    long since;

    boolean isCompleted;

    /** From then on nobody can say that it will have no effect. */
    boolean wasProposed;

    /** Applied, it may be, while this server was not told what was applied. */
    boolean mayBeApplied;

    /** How many commands must share its batch, itself included; 0 if it goes along with another. */
    int unitCommands = 1;

    /** What these take in a batch. */
    int unitBytes;

    /** Next one in {@link OperationTable} under the same key; null if there is none. */
    @Nullable
    Operation next;

    Operation(
        SessionId session, long number, ByteString command, OperationCase kind, ReplyTo replyTo) {
      this.session = session;
      this.number = number;
      this.command = command;
      this.kind = kind;
      this.replyTo = replyTo;
      this.unitBytes = Batches.sizeOf(command);
    }

    /** {@code next}, which was admitted right behind this or what goes along, goes along. */
    void takeAlong(Operation next) {
      unitCommands += next.unitCommands;
      unitBytes += next.unitBytes;
      next.unitCommands = 0;
      next.unitBytes = 0;
    }
  }

  private final OperationTable operations = new OperationTable();
  private final RequestMeter meter;
  private long bytes;

  /** One whose commands take no time. */
  public Pending() {
    this(RequestMeter.timeless());
  }

  /** One that has {@code meter} count how its commands, and all others of the service, end. */
  public Pending(RequestMeter meter) {
    this.meter = meter;
  }

  RequestMeter meter() {
    return meter;
  }

  int count() {
    return operations.size();
  }

  /** Bytes of the commands. */
  long bytes() {
    return bytes;
  }

  /**
   * Returns whether the command is waiting already; if so, its answer now goes to {@code replyTo}.
   */
  boolean redirect(SessionId session, long number, ReplyTo replyTo) {
    Operation waiting = operations.find(session, number);
    if (waiting == null) {
      return false;
    }
    waiting.replyTo = replyTo;
    return true;
  }

  /** Takes in a command that is not waiting already. */
  Operation add(
      SessionId session, long number, ByteString command, OperationCase kind, ReplyTo replyTo) {
    Operation operation = new Operation(session, number, command, kind, replyTo);
    operation.since = meter.now();
    operations.add(operation);
    bytes += command.size();
    return operation;
  }

  /** Gives a command up that will not be proposed again. */
  void drop(Operation operation) {
    if (operations.remove(operation)) {
      bytes -= operation.command.size();
    }
  }

  /** Gives a write up if it was never proposed; whether it was here and has been given up. */
  boolean withdraw(SessionId session, long number) {
    Operation operation = operations.find(session, number);
    if (operation == null || operation.wasProposed) {
      return false;
    }
    // Whoever meets it in a queue passes over it.
    operation.isCompleted = true;
    drop(operation);
    return true;
  }

  /** The state has become another one, in which what was proposed may have been applied. */
  @Override
  public void replaced() {
    operations.forEach(operation -> operation.mayBeApplied |= operation.wasProposed);
  }

  /** A command was applied; if it was admitted here, its client hears of it. */
  @Override
  public void completed(SessionId session, long number, Result result) {
    Operation operation = operations.find(session, number);
    if (operation != null) {
      operation.isCompleted = true;
      drop(operation);
      meter.completed(operation.kind, operation.since, result);
      // Its client is to find out elsewhere, or to be told that nobody knows.
      boolean isHidden = result instanceof Result.Withheld
          || (result instanceof Result.Expired && operation.mayBeApplied);
      if (!isHidden) {
        operation.replyTo.completed(number, result);
      }
    }
  }
}
