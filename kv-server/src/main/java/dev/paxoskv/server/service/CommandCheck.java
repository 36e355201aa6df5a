package dev.paxoskv.server.service;

import com.google.protobuf.ByteString;
import dev.paxoskv.proto.kv.Command;
import dev.paxoskv.proto.kv.Limit;
import dev.paxoskv.proto.kv.Scan;
import dev.paxoskv.proto.kv.SetIf;
import dev.paxoskv.proto.kv.WriteAll;
import dev.paxoskv.server.machine.command.CommandReader;
import dev.paxoskv.server.machine.command.OperationReader;
import java.util.Optional;

/** What a command must keep to before it may enter the log. */
final class CommandCheck {
  private CommandCheck() {}

  /** What is wrong with {@code command}, with the limit and the size found; empty if nothing is. */
  static Optional<String> faultOf(Command command, int bytes) {
    // The question for a session has no number in one.
    long number = command.hasOpenSession() ? command.getNumber() + 1 : command.getNumber();
    Optional<String> outside = faultOf(bytes, number, command.getAcknowledged());
    return outside.isPresent() ? outside : faultOf(command);
  }

  /** The same of a write of one key that the reader shows. */
  static Optional<String> faultOf(CommandReader write, int bytes) {
    Optional<String> outside = faultOf(bytes, write.number(), write.acknowledged());
    OperationReader asked = write.asked();
    return outside.isPresent()
        ? outside
        : faultOf(asked.keyTo() - asked.keyFrom(), asked.valueBytes());
  }

  private static Optional<String> faultOf(int bytes, long number, long acknowledged) {
    if (bytes > Limit.COMMAND_BYTES_MAX_VALUE) {
      return Optional.of(
          "a command of " + bytes + " bytes is over the limit of " + Limit.COMMAND_BYTES_MAX_VALUE);
    }
    return number < 1 || acknowledged < 0 || acknowledged >= number
        ? Optional.of(
            "number " + number + " with " + acknowledged + " acknowledged is out of order")
        : Optional.empty();
  }

  private static Optional<String> faultOf(Command command) {
    return switch (command.getOperationCase()) {
      case PUT -> faultOf(command.getPut().getKey(), command.getPut().getValue());
      case APPEND -> faultOf(command.getAppend().getKey(), command.getAppend().getValue());
      case GET -> faultOf(command.getGet().getKey(), ByteString.EMPTY);
      case DELETE -> faultOf(command.getDelete().getKey(), ByteString.EMPTY);
      case ADD -> faultOf(command.getAdd().getKey(), ByteString.EMPTY);
      case SET_IF -> faultOf(command.getSetIf());
      case WRITE_ALL -> faultOf(command.getWriteAll());
      case SCAN -> faultOf(command.getScan());
      case OPEN_SESSION ->
        command.getNumber() == 0
            ? Optional.empty()
            : Optional.of("a session is opened with the number 0 only");
      case OPERATION_NOT_SET -> Optional.of("no operation that this server knows");
    };
  }

  private static Optional<String> faultOf(SetIf asked) {
    if (asked.getCondition() == SetIf.Condition.UNRECOGNIZED) {
      return Optional.of(
          "no condition that this server knows has the number " + asked.getConditionValue());
    }
    Optional<String> fault = faultOf(asked.getKey(), asked.getValue());
    return fault.isPresent() ? fault : faultOf(asked.getKey(), asked.getExpected());
  }

  private static Optional<String> faultOf(WriteAll asked) {
    int count = asked.getWritesCount();
    if (count < 1 || count > Limit.WRITES_MAX_VALUE) {
      return Optional.of(
          "the writes of one command are " + count + ", not within 1.." + Limit.WRITES_MAX_VALUE);
    }
    return asked.getWritesList().stream()
        .flatMap(write -> faultOf(write.getKey(), write.getValue()).stream())
        .findFirst();
  }

  private static Optional<String> faultOf(Scan asked) {
    int most = Limit.KEY_BYTES_MAX_VALUE;
    if (asked.getPrefix().size() > most || asked.getAfter().size() > most) {
      return Optional.of("a prefix of " + asked.getPrefix().size() + " bytes, a key of "
          + asked.getAfter().size() + "; the limit is " + most);
    }
    // Unsigned on the wire, so a huge one is negative here.
    if (asked.getLimit() < 1 || asked.getLimit() > Limit.SCAN_ENTRIES_MAX_VALUE) {
      return Optional.of("a page of " + Integer.toUnsignedString(asked.getLimit())
          + " entries is not within 1.." + Limit.SCAN_ENTRIES_MAX_VALUE);
    }
    return Optional.empty();
  }

  private static Optional<String> faultOf(ByteString key, ByteString value) {
    return faultOf(key.size(), value.size());
  }

  private static Optional<String> faultOf(int keyBytes, int valueBytes) {
    if (keyBytes < 1 || keyBytes > Limit.KEY_BYTES_MAX_VALUE) {
      return Optional.of(
          "a key of " + keyBytes + " bytes is not within 1.." + Limit.KEY_BYTES_MAX_VALUE);
    }
    return valueBytes > Limit.VALUE_BYTES_MAX_VALUE
        ? Optional.of("a value of " + valueBytes + " bytes is over the limit of "
            + Limit.VALUE_BYTES_MAX_VALUE)
        : Optional.empty();
  }
}
