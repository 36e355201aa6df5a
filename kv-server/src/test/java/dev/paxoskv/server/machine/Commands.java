package dev.paxoskv.server.machine;

import com.google.protobuf.ByteString;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.proto.kv.Batch;
import dev.paxoskv.proto.kv.Command;
import dev.paxoskv.proto.kv.OpenSession;
import dev.paxoskv.proto.kv.SetIf;
import dev.paxoskv.proto.kv.Write;
import java.util.List;

/** Makes commands and batches for tests. */
public final class Commands {
  private Commands() {}

  /** Asks for a session, which is named by its place alone; the reply goes by {@code asker}. */
  public static Command open(int asker) {
    OpenSession asked = OpenSession.getDefaultInstance();
    return Command.newBuilder().setSessionHigh(asker).setOpenSession(asked).build();
  }

  public static Command put(int session, long number, String key, String value) {
    Command.Builder command = of(session, number);
    command.getPutBuilder().setKey(bytes(key)).setValue(bytes(value));
    return command.build();
  }

  public static Command append(int session, long number, String key, String value) {
    Command.Builder command = of(session, number);
    command.getAppendBuilder().setKey(bytes(key)).setValue(bytes(value));
    return command.build();
  }

  public static Command delete(int session, long number, String key) {
    Command.Builder command = of(session, number);
    command.getDeleteBuilder().setKey(bytes(key));
    return command.build();
  }

  /** Adds to a number. */
  public static Command add(int session, long number, String key, long more) {
    Command.Builder command = of(session, number);
    command.getAddBuilder().setKey(bytes(key)).setMore(more);
    return command.build();
  }

  /** Sets {@code key} to {@code value} if its value is {@code expected}. */
  public static Command cas(int session, long number, String key, String expected, String value) {
    return setIf(
        of(session, number).build(),
        SetIf.newBuilder()
            .setKey(bytes(key))
            .setValue(bytes(value))
            .setCondition(SetIf.Condition.EQUAL)
            .setExpected(bytes(expected))
            .build());
  }

  /** Sets {@code key} to {@code value} under a condition, and asks for what was there. */
  public static Command swap(
      Command numbered, String key, String value, SetIf.Condition condition) {
    return setIf(
        numbered,
        SetIf.newBuilder()
            .setKey(bytes(key))
            .setValue(bytes(value))
            .setCondition(condition)
            .setTellOld(true)
            .build());
  }

  private static Command setIf(Command numbered, SetIf setIf) {
    return numbered.toBuilder().setSetIf(setIf).build();
  }

  /** Writes {@code KEY=VALUE}, or deletes {@code KEY}. */
  public static Command writeAll(int session, long number, String... writes) {
    Command.Builder command = of(session, number);
    for (String write : writes) {
      String[] parts = write.split("=", 2);
      Write.Builder one = command.getWriteAllBuilder().addWritesBuilder().setKey(bytes(parts[0]));
      if (parts.length > 1) {
        one.setValue(bytes(parts[1]));
      }
    }
    return command.build();
  }

  public static Command get(int session, long number, String key) {
    Command.Builder command = of(session, number);
    command.getGetBuilder().setKey(bytes(key));
    return command.build();
  }

  /** The same command, with every number up to {@code number} acknowledged. */
  public static Command acknowledging(Command command, long number) {
    return command.toBuilder().setAcknowledged(number).build();
  }

  public static Value batch(Command... commands) {
    return Value.of(Batch.newBuilder().addAllCommands(List.of(commands)).build().toByteArray());
  }

  /** A batch as the service makes it: the time stands first; 0 for none. */
  public static Value batchAt(long time, Command... commands) {
    ByteString head = Batch.newBuilder().setTime(time).build().toByteString();
    return Value.of(head.concat(ByteString.copyFrom(batch(commands).bytes())).toByteArray());
  }

  /** With a name, and nothing asked yet. */
  public static Command.Builder of(int session, long number) {
    return Command.newBuilder().setSessionLow(session).setNumber(number);
  }

  private static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }
}
