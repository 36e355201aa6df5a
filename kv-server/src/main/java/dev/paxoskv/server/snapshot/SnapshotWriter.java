package dev.paxoskv.server.snapshot;

import dev.paxoskv.paxos.journal.Disk;
import dev.paxoskv.proto.snapshot.SnapshotEnd;
import dev.paxoskv.proto.snapshot.SnapshotFrame;
import dev.paxoskv.proto.snapshot.SnapshotHead;
import dev.paxoskv.proto.snapshot.SnapshotPart;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Writes one snapshot: under another name first, so that a file with a snapshot's name is a whole
 * one. A frame is length 4, checksum 4, message; the checksum goes on from that of the frame
 * before, so that no frame can be missing or stand elsewhere. What this server alone knows, the
 * comparison, has a checksum of its own: the rest is the same whoever saved the state, and a file
 * may come from two servers.
 */
final class SnapshotWriter {
  static final int VERSION = 3;
  static final int FRAME_HEAD_BYTES = 8;

  /** Not used by snapshots. */
  static final long ROOM_LEFT_BYTES = 16L << 20;

  private static final long ROOM_CHECK_BYTES = 1L << 20;

  private final Disk disk;
  private final String name;
  private final String file;
  private final CRC32C crc = new CRC32C();
  private long offset;
  private long checkedTo;
  private long values;
  private long sessions;

  private SnapshotWriter(Disk disk, String name) {
    this.disk = disk;
    this.name = name;
    this.file = name + SnapshotStore.NEW;
  }

  /**
   * Begins the snapshot that is to be called {@code name}.
   *
   * @throws NoRoomException if the disk would have too little left for the log
   */
  static SnapshotWriter begin(Disk disk, String name, SnapshotHead head) throws IOException {
    // What a crash, or a full disk, has left of an earlier one.
    for (String left : disk.list()) {
      if (left.startsWith(SnapshotStore.PREFIX) && left.endsWith(SnapshotStore.NEW)) {
        disk.delete(left);
      }
    }
    SnapshotWriter writer = new SnapshotWriter(disk, name);
    writer.write(() -> disk.create(writer.file, 0));
    SnapshotHead.Builder same = head.toBuilder().setVersion(VERSION).clearComparison();
    writer.write(SnapshotFrame.newBuilder().setHead(same).build(), writer.crc);
    if (head.hasComparison()) {
      writer.write(
          SnapshotFrame.newBuilder().setComparison(head.getComparison()).build(), new CRC32C());
    }
    return writer;
  }

  /**
   * Adds a part.
   *
   * @throws NoRoomException as {@link #begin}; the snapshot is then gone
   */
  void add(SnapshotPart part) throws IOException {
    values += part.getValuesCount();
    sessions += part.getSessionsCount();
    write(SnapshotFrame.newBuilder().setPart(part).build(), crc);
  }

  /**
   * Ends it: it is durable under its name when this returns.
   *
   * @throws NoRoomException as {@link #begin}; the snapshot is then gone
   */
  void end() throws IOException {
    SnapshotEnd.Builder end = SnapshotEnd.newBuilder().setValues(values).setSessions(sessions);
    write(SnapshotFrame.newBuilder().setEnd(end).build(), crc);
    disk.sync(file);
    disk.rename(file, name);
    disk.syncDirectory();
  }

  private void write(SnapshotFrame frame, CRC32C over) throws IOException {
    byte[] message = frame.toByteArray();
    over.update(message);
    ByteBuffer bytes = ByteBuffer.allocate(FRAME_HEAD_BYTES + message.length)
        .putInt(message.length)
        .putInt((int) over.getValue())
        .put(message)
        .flip();
    int size = bytes.remaining();
    if (offset >= checkedTo) {
      checkRoom();
    }
    write(() -> disk.write(file, offset, bytes));
    offset += size;
  }

  /** The log needs room more than a snapshot does, so this stops long before the disk is full. */
  private void checkRoom() throws IOException {
    long free = disk.free();
    if (free < ROOM_LEFT_BYTES) {
      disk.delete(file);
      throw new NoRoomException("only " + free + " bytes are free, and the log may need "
          + ROOM_LEFT_BYTES + "; make room");
    }
    checkedTo = offset + ROOM_CHECK_BYTES;
  }

  private interface Write {
    void perform() throws IOException;
  }

  private void write(Write write) throws IOException {
    try {
      write.perform();
    } catch (IOException e) {
      // Somebody else may have taken the room meanwhile. Nobody needs this file today.
      if (disk.free() >= ROOM_LEFT_BYTES) {
        throw e;
      }
      if (disk.list().contains(file)) {
        disk.delete(file);
      }
      throw new NoRoomException(String.valueOf(e.getMessage()));
    }
  }
}
