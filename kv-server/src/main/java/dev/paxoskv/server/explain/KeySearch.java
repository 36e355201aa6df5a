package dev.paxoskv.server.explain;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.paxoskv.paxos.host.Host;
import dev.paxoskv.paxos.protocol.Status;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.proto.kv.Batch;
import dev.paxoskv.proto.kv.Command;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Looks for the instance that holds the newest write to a key, among the newest that a server still
 * has. Knows of an operation only that it names its key {@code key}, or that its parts do.
 */
final class KeySearch {
  /** The protocol thread is not kept longer than this takes; some milliseconds. */
  static final long BYTES_MAX = 1 << 20;

  static final int INSTANCES_MAX = 1000;

  private static final String KEY = "key";

  private KeySearch() {}

  static OptionalLong newestWrite(Host host, ByteString key) {
    long bytes = 0;
    long first = Math.max(host.min(), host.applied() - INSTANCES_MAX + 1);
    for (long seq = host.applied(); seq >= first && bytes < BYTES_MAX; seq--) {
      Optional<Value> value = Optional.of(host.status(seq)).flatMap(Status::value);
      bytes += value.map(Value::size).orElse(0);
      if (value.isPresent() && writes(value.get(), key)) {
        return OptionalLong.of(seq);
      }
    }
    return OptionalLong.empty();
  }

  private static boolean writes(Value value, ByteString key) {
    try {
      return Batch.parseFrom(value.bytes()).getCommandsList().stream()
          .anyMatch(command -> names(command, key));
    } catch (InvalidProtocolBufferException e) {
      // What is no batch was passed over when it was applied, too.
      return false;
    }
  }

  private static boolean names(Command command, ByteString key) {
    return command.getAllFields().values().stream()
        .anyMatch(operation -> operation instanceof Message message && hasKey(message, key));
  }

  private static boolean hasKey(Message message, ByteString key) {
    for (var each : message.getAllFields().entrySet()) {
      FieldDescriptor field = each.getKey();
      boolean isIt = field.getName().equals(KEY) && each.getValue().equals(key);
      boolean isInPart = field.isRepeated()
          && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
          && ((List<?>) each.getValue()).stream().anyMatch(part -> hasKey((Message) part, key));
      if (isIt || isInPart) {
        return true;
      }
    }
    return false;
  }
}
