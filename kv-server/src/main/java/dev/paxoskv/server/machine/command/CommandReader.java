package dev.paxoskv.server.machine.command;

import dev.paxoskv.proto.kv.Command;

/**
 * Reads the commands of a batch one after the other where they stand, without making an object of
 * each: every server does this to every command.
 *
 * <p>It understands what a writer of protobuf makes of a batch: the time first, if any; then
 * commands, their fields in ascending order, none twice and none unknown, the operation last.
 * Protobuf allows much else; whoever has such bytes gives them to protobuf and shows the commands
 * that it finds here, so that both are applied by the same code. Not thread-safe; the answers are
 * about one command, until the next one is read.
 */
public final class CommandReader {
  /** Tags of the wire: the number of a field, and in the lowest three bits what kind it is. */
  private static final int COMMAND = 1 << 3 | 2;

  private static final int TIME = 2 << 3;

  private static final int SESSION_HIGH = 1 << 3 | 1;
  private static final int SESSION_LOW = 2 << 3 | 1;
  private static final int NUMBER = 3 << 3;
  private static final int ACKNOWLEDGED = 4 << 3;

  private final Cursor cursor = new Cursor();
  private final OperationReader asked = new OperationReader(cursor);
  private long time;
  private long sessionHigh;
  private long sessionLow;
  private long number;
  private long acknowledged;

  /** Begins before the first command of {@code batch}. */
  void open(byte[] batch) {
    cursor.open(batch);
    time = cursor.skipTag(TIME, batch.length) ? cursor.varint(batch.length) : 0;
  }

  /** Whether this understands all of {@code batch}, which is then open. */
  public boolean opens(byte[] batch) {
    open(batch);
    while (next()) {
      // On to the end.
    }
    boolean isUnderstood = cursor.isPlain();
    open(batch);
    return isUnderstood;
  }

  /** Goes on to the next command; false if there is none, or not one that this understands. */
  public boolean next() {
    if (cursor.isAtEnd() || !cursor.isPlain()) {
      return false;
    }
    int all = cursor.bytes().length;
    int length = cursor.skipTag(COMMAND, all) ? cursor.length(all) : 0;
    read(cursor.at() + length);
    return cursor.isPlain();
  }

  /**
   * Whether this understands the command that {@code bytes} hold from {@code from} up to
   * {@code to}, which it shows then.
   */
  public boolean opensOne(byte[] bytes, int from, int to) {
    cursor.open(bytes);
    cursor.skipTo(from);
    read(to);
    return cursor.isPlain();
  }

  private void read(int end) {
    sessionHigh = cursor.skipTag(SESSION_HIGH, end) ? cursor.fixed64(end) : 0;
    sessionLow = cursor.skipTag(SESSION_LOW, end) ? cursor.fixed64(end) : 0;
    number = cursor.skipTag(NUMBER, end) ? cursor.varint(end) : 0;
    acknowledged = cursor.skipTag(ACKNOWLEDGED, end) ? cursor.varint(end) : 0;
    asked.read(end);
  }

  /** Shows a command that protobuf has read. */
  public void show(Command command) {
    sessionHigh = command.getSessionHigh();
    sessionLow = command.getSessionLow();
    number = command.getNumber();
    acknowledged = command.getAcknowledged();
    asked.show(command);
  }

  /** That of the batch; 0 if it has none. */
  public long time() {
    return time;
  }

  public long sessionHigh() {
    return sessionHigh;
  }

  public long sessionLow() {
    return sessionLow;
  }

  public long number() {
    return number;
  }

  public long acknowledged() {
    return acknowledged;
  }

  public OperationReader asked() {
    return asked;
  }
}
