package dev.paxoskv.server.service;

import com.google.protobuf.ByteString;
import dev.paxoskv.proto.kv.Command;
import dev.paxoskv.proto.kv.Limit;
import java.util.Optional;

/** What a command must keep to before it may enter the log. */
final class CommandCheck {
  /** Room for a command's numbers around its key and value. */
  private static final int OVERHEAD_BYTES_MAX = 128;

  static final int COMMAND_BYTES_MAX =
      Limit.KEY_BYTES_MAX_VALUE + Limit.VALUE_BYTES_MAX_VALUE + OVERHEAD_BYTES_MAX;

  private CommandCheck() {}

  /** What is wrong with {@code command}, with the limit and the size found; empty if nothing is. */
  static Optional<String> faultOf(Command command, int bytes) {
    if (bytes > COMMAND_BYTES_MAX) {
      return Optional.of(
          "a command of " + bytes + " bytes is over the limit of " + COMMAND_BYTES_MAX);
    }
    if (command.getNumber() < 1
        || command.getAcknowledged() < 0
        || command.getAcknowledged() >= command.getNumber()) {
      return Optional.of("number " + command.getNumber() + " with " + command.getAcknowledged()
          + " acknowledged is out of order");
    }
    return switch (command.getOperationCase()) {
      case PUT -> faultOf(command.getPut().getKey(), command.getPut().getValue());
      case APPEND -> faultOf(command.getAppend().getKey(), command.getAppend().getValue());
      case GET -> faultOf(command.getGet().getKey(), ByteString.EMPTY);
      case OPERATION_NOT_SET -> Optional.of("no operation that this server knows");
    };
  }

  private static Optional<String> faultOf(ByteString key, ByteString value) {
    if (key.isEmpty() || key.size() > Limit.KEY_BYTES_MAX_VALUE) {
      return Optional.of(
          "a key of " + key.size() + " bytes is not within 1.." + Limit.KEY_BYTES_MAX_VALUE);
    }
    if (value.size() > Limit.VALUE_BYTES_MAX_VALUE) {
      return Optional.of("a value of " + value.size() + " bytes is over the limit of "
          + Limit.VALUE_BYTES_MAX_VALUE);
    }
    return Optional.empty();
  }
}
