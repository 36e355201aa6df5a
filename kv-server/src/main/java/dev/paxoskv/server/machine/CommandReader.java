package dev.paxoskv.server.machine;

import com.google.protobuf.ByteString;
import dev.paxoskv.proto.kv.Command;
import dev.paxoskv.proto.kv.Command.OperationCase;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Reads the commands of a batch one after the other where they stand, without making an object of
 * each: every server does this to every command.
 *
 * <p>It understands what a writer of protobuf makes of a batch: fields in ascending order, none
 * twice and none unknown, the operation last. Protobuf allows much else; whoever has such bytes
 * gives them to protobuf and shows the commands that it finds here, so that both are applied by the
 * same code. Not thread-safe; the answers are about one command, until the next one is read.
 */
final class CommandReader {
  /** Tags of the wire: the number of a field, and in the lowest three bits what kind it is. */
  private static final int COMMAND = 1 << 3 | 2;

  private static final int SESSION_HIGH = 1 << 3 | 1;
  private static final int SESSION_LOW = 2 << 3 | 1;
  private static final int NUMBER = 3 << 3;
  private static final int ACKNOWLEDGED = 4 << 3;
  private static final int PUT = 5 << 3 | 2;
  private static final int APPEND = 6 << 3 | 2;
  private static final int GET = 7 << 3 | 2;
  private static final int KEY = 1 << 3 | 2;
  private static final int VALUE = 2 << 3 | 2;

  private static final VarHandle FIXED64 =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** A piece of the bytes. */
  private static final class Piece {
    int from;
    int to;
  }

  private byte[] bytes = new byte[0];
  private int at;
  private boolean isPlain = true;
  private long sessionHigh;
  private long sessionLow;
  private long number;
  private long acknowledged;
  private OperationCase operation = OperationCase.OPERATION_NOT_SET;
  private final Piece key = new Piece();
  private final Piece value = new Piece();

  /** Begins before the first command of {@code batch}. */
  void open(byte[] batch) {
    bytes = batch;
    at = 0;
    isPlain = true;
  }

  /** Whether this understands all of {@code batch}, which is then open. */
  boolean opens(byte[] batch) {
    open(batch);
    while (next()) {
      // On to the end.
    }
    boolean isUnderstood = isPlain;
    open(batch);
    return isUnderstood;
  }

  /** Goes on to the next command; false if there is none, or not one that this understands. */
  boolean next() {
    if (at == bytes.length || !isPlain) {
      return false;
    }
    int length = skipTag(COMMAND, bytes.length) ? length(bytes.length) : 0;
    int end = at + length;
    sessionHigh = skipTag(SESSION_HIGH, end) ? fixed64(end) : 0;
    sessionLow = skipTag(SESSION_LOW, end) ? fixed64(end) : 0;
    number = skipTag(NUMBER, end) ? varint(end) : 0;
    acknowledged = skipTag(ACKNOWLEDGED, end) ? varint(end) : 0;
    operation = readOperation(end);
    isPlain &= at == end && operation != OperationCase.OPERATION_NOT_SET;
    return isPlain;
  }

  /** Shows a command that protobuf has read. */
  void show(Command command) {
    sessionHigh = command.getSessionHigh();
    sessionLow = command.getSessionLow();
    number = command.getNumber();
    acknowledged = command.getAcknowledged();
    operation = command.getOperationCase();
    switch (operation) {
      case PUT -> show(command.getPut().getKey(), command.getPut().getValue());
      case APPEND -> show(command.getAppend().getKey(), command.getAppend().getValue());
      case GET -> show(command.getGet().getKey(), ByteString.EMPTY);
      case OPERATION_NOT_SET -> show(ByteString.EMPTY, ByteString.EMPTY);
    }
  }

  private void show(ByteString shownKey, ByteString shownValue) {
    bytes = shownKey.concat(shownValue).toByteArray();
    key.from = 0;
    key.to = shownKey.size();
    value.from = key.to;
    value.to = bytes.length;
  }

  long sessionHigh() {
    return sessionHigh;
  }

  long sessionLow() {
    return sessionLow;
  }

  long number() {
    return number;
  }

  long acknowledged() {
    return acknowledged;
  }

  OperationCase operation() {
    return operation;
  }

  /** A copy of the key. */
  byte[] key() {
    return Arrays.copyOfRange(bytes, key.from, key.to);
  }

  /** Where the key is, from {@link #keyFrom} to {@link #keyTo}; not to be changed. */
  byte[] bytes() {
    return bytes;
  }

  int keyFrom() {
    return key.from;
  }

  int keyTo() {
    return key.to;
  }

  /** A copy of the value. */
  byte[] value() {
    return Arrays.copyOfRange(bytes, value.from, value.to);
  }

  private OperationCase readOperation(int end) {
    OperationCase found = OperationCase.OPERATION_NOT_SET;
    if (skipTag(PUT, end)) {
      found = OperationCase.PUT;
    } else if (skipTag(APPEND, end)) {
      found = OperationCase.APPEND;
    } else if (skipTag(GET, end)) {
      found = OperationCase.GET;
    } else {
      return found;
    }
    int length = length(end);
    int to = at + length;
    readPiece(KEY, key, to);
    value.from = at;
    value.to = at;
    if (found != OperationCase.GET) {
      readPiece(VALUE, value, to);
    }
    isPlain &= at == to;
    return found;
  }

  private void readPiece(int tag, Piece piece, int end) {
    int length = skipTag(tag, end) ? length(end) : 0;
    piece.from = at;
    piece.to = at + length;
    at = piece.to;
  }

  private boolean skipTag(int tag, int end) {
    boolean isNext = at < end && bytes[at] == tag;
    at += isNext ? 1 : 0;
    return isNext;
  }

  private long fixed64(int end) {
    if (end - at < Long.BYTES) {
      isPlain = false;
      return 0;
    }
    long read = (long) FIXED64.get(bytes, at);
    at += Long.BYTES;
    return read;
  }

  /** The length of something that follows and must not go beyond {@code end}. */
  private int length(int end) {
    long length = varint(end);
    if (length < 0 || length > end - at) {
      isPlain = false;
      return 0;
    }
    return (int) length;
  }

  private long varint(int end) {
    long read = 0;
    for (int shift = 0; shift < Long.SIZE && at < end; shift += 7) {
      byte next = bytes[at++];
      read |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return read;
      }
    }
    isPlain = false;
    return 0;
  }
}
