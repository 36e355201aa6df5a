package dev.paxoskv.client;

import com.google.protobuf.ByteString;
import dev.paxoskv.client.data.Entry;
import dev.paxoskv.client.data.Page;
import dev.paxoskv.client.data.Write;
import dev.paxoskv.proto.kv.Command;
import dev.paxoskv.proto.kv.Limit;
import dev.paxoskv.proto.kv.Reply;
import dev.paxoskv.proto.kv.SetIf;
import java.util.List;
import java.util.Optional;

/**
 * Operations as the wire has them, and what their replies say. What is over a limit throws
 * {@link IllegalArgumentException} here, before anything is sent.
 */
final class Requests {
  private static final int VALUE_MAX = Limit.VALUE_BYTES_MAX_VALUE;

  /** Room for the numbers that an operation gets when it is sent. */
  private static final int NUMBERS_BYTES = 64;

  private Requests() {}

  static Command put(byte[] key, byte[] value) {
    Command.Builder command = Command.newBuilder();
    command.getPutBuilder().setKey(key(key)).setValue(bytes("value", value, 0, VALUE_MAX));
    return command.build();
  }

  static Command append(byte[] key, byte[] value) {
    Command.Builder command = Command.newBuilder();
    command.getAppendBuilder().setKey(key(key)).setValue(bytes("value", value, 0, VALUE_MAX));
    return command.build();
  }

  static Command get(byte[] key) {
    Command.Builder command = Command.newBuilder();
    command.getGetBuilder().setKey(key(key));
    return command.build();
  }

  static Command delete(byte[] key) {
    Command.Builder command = Command.newBuilder();
    command.getDeleteBuilder().setKey(key(key));
    return command.build();
  }

  /** Sets the key if its value is {@code expected}; if that is empty, if it has none. */
  static Command compareAndSet(byte[] key, Optional<byte[]> expected, byte[] value) {
    Command.Builder command = Command.newBuilder();
    SetIf.Builder asked =
        command.getSetIfBuilder().setKey(key(key)).setValue(bytes("value", value, 0, VALUE_MAX));
    if (expected.isPresent()) {
      asked.setCondition(SetIf.Condition.EQUAL);
      asked.setExpected(bytes("expected value", expected.get(), 0, VALUE_MAX));
    } else {
      asked.setCondition(SetIf.Condition.ABSENT);
    }
    return fitting(command.build());
  }

  static Command writeAll(List<Write> writes) {
    requireWithin("number of writes", writes.size(), 1, Limit.WRITES_MAX_VALUE);
    Command.Builder command = Command.newBuilder();
    for (Write write : writes) {
      dev.paxoskv.proto.kv.Write.Builder one =
          command.getWriteAllBuilder().addWritesBuilder().setKey(key(write.key()));
      write.value().ifPresent(value -> one.setValue(bytes("value", value, 0, VALUE_MAX)));
    }
    return fitting(command.build());
  }

  static Command scan(byte[] prefix, byte[] after, int entriesMax) {
    requireWithin("number of entries", entriesMax, 1, Limit.SCAN_ENTRIES_MAX_VALUE);
    Command.Builder command = Command.newBuilder();
    command
        .getScanBuilder()
        .setPrefix(bytes("prefix", prefix, 0, Limit.KEY_BYTES_MAX_VALUE))
        .setAfter(bytes("key to go on after", after, 0, Limit.KEY_BYTES_MAX_VALUE))
        .setLimit(entriesMax);
    return command.build();
  }

  /** What a get found. */
  static Optional<byte[]> found(Reply reply) {
    return reply.hasFound()
        ? Optional.of(reply.getFound().getValue().toByteArray())
        : Optional.empty();
  }

  /** What a scan found. */
  static Page page(Reply reply) {
    List<Entry> entries = reply.getPage().getEntriesList().stream()
        .map(entry -> new Entry(entry.getKey().toByteArray(), entry.getValue().toByteArray()))
        .toList();
    return new Page(entries, reply.getPage().getIsMore());
  }

  /** Whether {@code reply} can be the answer to {@code request}. */
  static boolean isAnswer(Command request, Reply reply) {
    return switch (reply.getOutcomeCase()) {
      case APPLIED ->
        request.hasPut() || request.hasAppend() || request.hasDelete() || request.hasSetIf();
      case UNMET -> request.hasDelete() || request.hasSetIf();
      case COUNTED -> request.hasWriteAll();
      case FOUND, NOT_FOUND -> request.hasGet();
      case PAGE -> request.hasScan();
      case REFUSED, RETRY_LATER -> true;
      case SESSION_EXPIRED -> !request.hasGet() && !request.hasScan();
      case SESSION_OPENED, WAS, OUTCOME_NOT_SET -> false;
    };
  }

  private static ByteString key(byte[] key) {
    return bytes("key", key, 1, Limit.KEY_BYTES_MAX_VALUE);
  }

  private static ByteString bytes(String what, byte[] bytes, int least, int most) {
    requireWithin(what, bytes.length, least, most);
    return ByteString.copyFrom(bytes);
  }

  private static void requireWithin(String what, int found, int least, int most) {
    if (found < least || found > most) {
      String size = what.startsWith("number") ? "a " + what + " of " + found : bytesOf(what, found);
      throw new IllegalArgumentException(size + "; it must be " + least + " to " + most);
    }
  }

  private static String bytesOf(String what, int found) {
    return (what.startsWith("e") ? "an " : "a ") + what + " of " + found + " bytes";
  }

  private static Command fitting(Command command) {
    int bytes = command.getSerializedSize() + NUMBERS_BYTES;
    if (bytes > Limit.COMMAND_BYTES_MAX_VALUE) {
      throw new IllegalArgumentException("an operation of " + bytes + " bytes in all; it must be up"
          + " to " + Limit.COMMAND_BYTES_MAX_VALUE);
    }
    return command;
  }
}
