package dev.paxoskv.server.service;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.proto.kv.Batch;
import dev.paxoskv.proto.kv.HashStatement;
import dev.paxoskv.server.service.Pending.Operation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * Joins the bytes of commands into the value of one instance, without encoding any of them again.
 */
final class Batches {
  /** Fills a hole: a batch of nothing. */
  static final Value NOOP = Value.of(new byte[0]);

  private Batches() {}

  private static int sizeOf(long time) {
    return time == 0 ? 0 : CodedOutputStream.computeUInt64Size(Batch.TIME_FIELD_NUMBER, time);
  }

  /** Bytes that {@code command} adds to a batch. */
  static int sizeOf(ByteString command) {
    return CodedOutputStream.computeBytesSize(Batch.COMMANDS_FIELD_NUMBER, command);
  }

  /** The commands of these operations as a batch for another server to make part of its own. */
  static Value of(List<Operation> operations) {
    return join(0, List.of(), operations);
  }

  static Value of(HashStatement statement) {
    return Value.of(Batch.newBuilder().addStatements(statement).build().toByteArray());
  }

  /**
   * The encoding of a Batch of these commands, in this order. Two batches one behind the other are
   * a batch, too.
   *
   * @param time that the batch carries; 0 for none
   */
  static Value join(long time, List<Value> batches, List<Operation> operations) {
    int size = sizeOf(time)
        + batches.stream().mapToInt(Value::size).sum()
        + operations.stream().mapToInt(operation -> sizeOf(operation.command)).sum();
    byte[] bytes = new byte[size];
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      if (time != 0) {
        out.writeUInt64(Batch.TIME_FIELD_NUMBER, time);
      }
      for (Value batch : batches) {
        out.writeRawBytes(batch.bytes());
      }
      for (Operation operation : operations) {
        out.writeBytes(Batch.COMMANDS_FIELD_NUMBER, operation.command);
      }
      out.checkNoSpaceLeft();
    } catch (IOException e) {
      throw new UncheckedIOException("the size of a batch was worked out wrongly", e);
    }
    return Value.of(bytes);
  }
}
