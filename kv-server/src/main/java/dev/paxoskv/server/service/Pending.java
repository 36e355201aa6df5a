package dev.paxoskv.server.service;

import com.google.protobuf.ByteString;
import dev.paxoskv.proto.kv.Command.OperationCase;
import dev.paxoskv.server.machine.KvStateMachine;
import dev.paxoskv.server.machine.Result;
import dev.paxoskv.server.machine.SessionId;
import java.util.HashMap;
import java.util.Map;

/**
 * Commands that were admitted here and have no answer yet, by the name that they carry in the log.
 */
public final class Pending implements KvStateMachine.Listener {

  /** Name of a command. */
  record Id(SessionId session, long number) {
    /** Spelt out, as every server looks every command up. */
    @Override
    public int hashCode() {
      return Long.hashCode((31L * session.hashCode() + number) * 0x9e3779b97f4a7c15L);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Id that && number == that.number && session.equals(that.session);
    }
  }

  /** One admitted command: the bytes to propose, and who waits. */
  static final class Operation {
    final Id id;
    final ByteString command;
    final OperationCase kind;
    final long since;
    ReplyTo replyTo;
    boolean isCompleted;

    /** From then on nobody can say that it will have no effect. */
    boolean wasProposed;

    /** Applied, it may be, while this server was not told what was applied. */
    boolean mayBeApplied;

    /** How many commands must share its batch, itself included; 0 if it goes along with another. */
    int unitCommands = 1;

    /** What these take in a batch. */
    int unitBytes;

    Operation(Id id, ByteString command, OperationCase kind, long since, ReplyTo replyTo) {
      this.id = id;
      this.command = command;
      this.kind = kind;
      this.since = since;
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

  private final Map<Id, Operation> operations = new HashMap<>();
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
  boolean redirect(Id id, ReplyTo replyTo) {
    Operation waiting = operations.get(id);
    if (waiting == null) {
      return false;
    }
    waiting.replyTo = replyTo;
    return true;
  }

  Operation add(Id id, ByteString command, OperationCase kind, ReplyTo replyTo) {
    Operation operation = new Operation(id, command, kind, meter.now(), replyTo);
    operations.put(id, operation);
    bytes += command.size();
    return operation;
  }

  /** Gives a command up that will not be proposed again. */
  void drop(Operation operation) {
    if (operations.remove(operation.id, operation)) {
      bytes -= operation.command.size();
    }
  }

  /** Gives a write up if it was never proposed; whether it was here and has been given up. */
  boolean withdraw(Id id) {
    Operation operation = operations.get(id);
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
    operations.values().forEach(operation -> operation.mayBeApplied |= operation.wasProposed);
  }

  /** A command was applied; if it was admitted here, its client hears of it. */
  @Override
  public void completed(SessionId session, long number, Result result) {
    Operation operation = operations.get(new Id(session, number));
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
