package dev.paxoskv.server.machine;

import com.google.protobuf.ByteString;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.proto.kv.Batch;
import dev.paxoskv.proto.kv.Command;
import java.util.List;

/** Makes commands and batches for tests. */
public final class Commands {
  private Commands() {}

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

  private static Command.Builder of(int session, long number) {
    return Command.newBuilder().setSessionHigh(7).setSessionLow(session).setNumber(number);
  }

  private static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }
}
