package dev.paxoskv.server.snapshot;

import dev.paxoskv.paxos.journal.Disk;
import dev.paxoskv.proto.snapshot.SnapshotEnd;
import dev.paxoskv.proto.snapshot.SnapshotFrame;
import dev.paxoskv.proto.snapshot.SnapshotHead;
import dev.paxoskv.server.machine.SavedState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Writes one snapshot: under another name first, so that a file with a snapshot's name is a whole
 * one. A frame is length 4, checksum 4, message; the checksum goes on from that of the frame
 * before, so that no frame can be missing or stand elsewhere.
 */
final class SnapshotWriter {
  static final int VERSION = 1;
  static final int FRAME_HEAD_BYTES = 8;

  /** Not used by snapshots. */
  static final long ROOM_LEFT_BYTES = 16L << 20;

  private static final long ROOM_CHECK_BYTES = 1L << 20;

  private final Disk disk;
  private final String file;
  private final CRC32C crc = new CRC32C();
  private long offset;
  private long checkedTo;

  private SnapshotWriter(Disk disk, String file) {
    this.disk = disk;
    this.file = file;
  }

  /**
   * Durable under {@code name} when this returns.
   *
   * @throws NoRoomException if the disk would have too little left afterwards for the log
   */
  static void write(Disk disk, String name, SavedState state) throws IOException {
    String fresh = name + SnapshotStore.NEW;
    // What a crash, or a full disk, has left of an earlier one.
    for (String file : disk.list()) {
      if (file.startsWith(SnapshotStore.PREFIX) && file.endsWith(SnapshotStore.NEW)) {
        disk.delete(file);
      }
    }
    try {
      disk.create(fresh, 0);
      new SnapshotWriter(disk, fresh).writeAll(state);
    } catch (IOException | UncheckedIOException e) {
      // Somebody else may have taken the room meanwhile. Nobody needs this file today.
      if (disk.free() >= ROOM_LEFT_BYTES) {
        throw new IOException(String.valueOf(e.getMessage()), e);
      }
      if (disk.list().contains(fresh)) {
        disk.delete(fresh);
      }
      throw new NoRoomException(String.valueOf(e.getMessage()));
    } catch (NoRoom e) {
      disk.delete(fresh);
      throw new NoRoomException(e.words);
    }
    disk.sync(fresh);
    disk.rename(fresh, name);
    disk.syncDirectory();
  }

  private void writeAll(SavedState state) {
    SnapshotHead.Builder head = SnapshotHead.newBuilder()
        .setVersion(VERSION)
        .setApplied(state.applied())
        .setHash(state.hash());
    write(SnapshotFrame.newBuilder().setHead(head).build());
    state.forEachPart(part -> write(SnapshotFrame.newBuilder().setPart(part).build()));
    SnapshotEnd.Builder end =
        SnapshotEnd.newBuilder().setValues(state.values()).setSessions(state.sessions());
    write(SnapshotFrame.newBuilder().setEnd(end).build());
  }

  private void write(SnapshotFrame frame) {
    byte[] message = frame.toByteArray();
    crc.update(message);
    ByteBuffer bytes = ByteBuffer.allocate(FRAME_HEAD_BYTES + message.length)
        .putInt(message.length)
        .putInt((int) crc.getValue())
        .put(message)
        .flip();
    int size = bytes.remaining();
    try {
      if (offset >= checkedTo) {
        checkRoom();
      }
      disk.write(file, offset, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(String.valueOf(e.getMessage()), e);
    }
    offset += size;
  }

  /** The log needs room more than a snapshot does, so this stops long before the disk is full. */
  private void checkRoom() throws IOException {
    long free = disk.free();
    if (free < ROOM_LEFT_BYTES) {
      throw new NoRoom("only " + free + " bytes are free, and the log may need " + ROOM_LEFT_BYTES
          + "; make room");
    }
    checkedTo = offset + ROOM_CHECK_BYTES;
  }

  private static final class NoRoom extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String words;

    NoRoom(String words) {
      super(words);
      this.words = words;
    }
  }
}
