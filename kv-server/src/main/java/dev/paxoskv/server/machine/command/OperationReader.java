package dev.paxoskv.server.machine.command;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.paxoskv.proto.kv.Command;
import dev.paxoskv.proto.kv.Command.OperationCase;
import dev.paxoskv.proto.kv.SetIf;
import dev.paxoskv.proto.kv.Write;
import dev.paxoskv.proto.kv.WriteAll;
import java.io.IOException;
import java.util.List;

/**
 * What a write asks for. Read where it stands, by the same rules as the command around it
 * ({@link CommandReader}). What an operation does not have is empty, 0 or false.
 */
public final class OperationReader {
  private static final int PUT = 5 << 3 | 2;
  private static final int APPEND = 6 << 3 | 2;
  private static final int DELETE = 8 << 3 | 2;
  private static final int SET_IF = 9 << 3 | 2;
  private static final int WRITE_ALL = 10 << 3 | 2;
  private static final int ADD = 11 << 3 | 2;
  private static final int OPEN_SESSION = 15 << 3 | 2;
  private static final int KEY = 1 << 3 | 2;
  private static final int VALUE = 2 << 3 | 2;
  private static final int TELL_SIZE = 3 << 3;
  private static final int CONDITION = 3 << 3;
  private static final int EXPECTED = 4 << 3 | 2;
  private static final int TELL_OLD = 5 << 3;
  private static final int MORE = 2 << 3;

  private final Cursor cursor;
  private final Cursor.Piece key = new Cursor.Piece();
  private final Cursor.Piece value = new Cursor.Piece();
  private final Cursor.Piece expected = new Cursor.Piece();
  private OperationCase operation = OperationCase.OPERATION_NOT_SET;
  private int condition;
  private boolean tells;
  private long more;
  private List<Write> writes = List.of();

  /** Reads from {@code cursor}, which whoever reads the command around it moves, too. */
  OperationReader(Cursor cursor) {
    this.cursor = cursor;
  }

  public OperationCase operation() {
    return operation;
  }

  /** Whether it is a write that says no more than one key and a value or number. */
  public boolean isOnOneKey() {
    return switch (operation) {
      case PUT, APPEND, DELETE, ADD -> true;
      default -> false;
    };
  }

  /** Where the key is, from {@link #keyFrom} to {@link #keyTo}; not to be changed. */
  public byte[] bytes() {
    return cursor.bytes();
  }

  public int keyFrom() {
    return key.from;
  }

  public int keyTo() {
    return key.to;
  }

  public int valueBytes() {
    return value.to - value.from;
  }

  /** A copy of the value. */
  public byte[] value() {
    return cursor.copy(value);
  }

  /** A copy of what has to be there before. */
  public byte[] expected() {
    return cursor.copy(expected);
  }

  public SetIf.Condition condition() {
    SetIf.Condition known = SetIf.Condition.forNumber(condition);
    return known == null ? SetIf.Condition.UNRECOGNIZED : known;
  }

  /** Whether the answer is to tell more than that it was applied. */
  public boolean tells() {
    return tells;
  }

  public long more() {
    return more;
  }

  public List<Write> writes() {
    return writes;
  }

  /** Reads an operation that reaches to {@code end}; the cursor is not plain if there is none. */
  void read(int end) {
    clear();
    operation = next(end);
    int to = operation == OperationCase.OPERATION_NOT_SET ? end : cursor.length(end) + cursor.at();
    switch (operation) {
      case PUT -> readPair(to);
      case APPEND -> {
        readPair(to);
        tells = cursor.skipTag(TELL_SIZE, to) && cursor.varint(to) != 0;
      }
      case DELETE -> cursor.readPiece(KEY, key, to);
      case SET_IF -> readSetIf(to);
      case WRITE_ALL -> readWrites(to);
      case ADD -> {
        cursor.readPiece(KEY, key, to);
        more = cursor.skipTag(MORE, to) ? CodedInputStream.decodeZigZag64(cursor.varint(to)) : 0;
      }
      case OPEN_SESSION -> {
        // There is nothing in it.
      }
      default -> cursor.require(false);
    }
    cursor.require(cursor.at() == to && to == end);
  }

  private OperationCase next(int end) {
    if (cursor.skipTag(PUT, end)) {
      return OperationCase.PUT;
    } else if (cursor.skipTag(APPEND, end)) {
      return OperationCase.APPEND;
    } else if (cursor.skipTag(ADD, end)) {
      return OperationCase.ADD;
    } else if (cursor.skipTag(SET_IF, end)) {
      return OperationCase.SET_IF;
    } else if (cursor.skipTag(DELETE, end)) {
      return OperationCase.DELETE;
    } else if (cursor.skipTag(WRITE_ALL, end)) {
      return OperationCase.WRITE_ALL;
    } else if (cursor.skipTag(OPEN_SESSION, end)) {
      return OperationCase.OPEN_SESSION;
    }
    return OperationCase.OPERATION_NOT_SET;
  }

  private void clear() {
    key.clear();
    value.clear();
    expected.clear();
    condition = 0;
    tells = false;
    more = 0;
    writes = List.of();
  }

  private void readPair(int to) {
    cursor.readPiece(KEY, key, to);
    cursor.readPiece(VALUE, value, to);
  }

  private void readSetIf(int to) {
    readPair(to);
    condition = cursor.skipTag(CONDITION, to) ? (int) cursor.varint(to) : 0;
    cursor.readPiece(EXPECTED, expected, to);
    tells = cursor.skipTag(TELL_OLD, to) && cursor.varint(to) != 0;
  }

  /** Rare, and long enough for protobuf to be no burden. */
  private void readWrites(int to) {
    CodedInputStream in =
        CodedInputStream.newInstance(cursor.bytes(), cursor.at(), to - cursor.at());
    try {
      writes = WriteAll.parseFrom(in).getWritesList();
    } catch (InvalidProtocolBufferException e) {
      cursor.require(false);
    } catch (IOException e) {
      throw new IllegalStateException("an array cannot fail to be read", e);
    }
    cursor.skipTo(to);
  }

  /** Shows the operation of a command that protobuf has read. */
  void show(Command command) {
    clear();
    operation = command.getOperationCase();
    switch (operation) {
      case PUT -> show(command.getPut().getKey(), command.getPut().getValue());
      case APPEND -> {
        show(command.getAppend().getKey(), command.getAppend().getValue());
        tells = command.getAppend().getTellSize();
      }
      case DELETE -> show(command.getDelete().getKey());
      case SET_IF -> show(command.getSetIf());
      case WRITE_ALL -> writes = command.getWriteAll().getWritesList();
      case ADD -> {
        show(command.getAdd().getKey());
        more = command.getAdd().getMore();
      }
      case OPEN_SESSION, GET, SCAN, OPERATION_NOT_SET -> show();
    }
  }

  private void show(SetIf asked) {
    show(asked.getKey(), asked.getValue(), asked.getExpected());
    condition = asked.getConditionValue();
    tells = asked.getTellOld();
  }

  private void show(ByteString... parts) {
    cursor.open(ByteString.copyFrom(List.of(parts)).toByteArray());
    List<Cursor.Piece> pieces = List.of(key, value, expected);
    int at = 0;
    for (int i = 0; i < parts.length; i++) {
      pieces.get(i).from = at;
      at += parts[i].size();
      pieces.get(i).to = at;
    }
  }
}
