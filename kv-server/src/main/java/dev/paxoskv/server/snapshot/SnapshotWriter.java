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

  private final Disk disk;
  private final String file;
  private final CRC32C crc = new CRC32C();
  private long offset;

  private SnapshotWriter(Disk disk, String file) {
    this.disk = disk;
    this.file = file;
  }

  /** Durable under {@code name} when this returns. */
  static void write(Disk disk, String name, SavedState state) throws IOException {
    String fresh = name + SnapshotStore.NEW;
    if (disk.list().contains(fresh)) {
      disk.delete(fresh);
    }
    disk.create(fresh, 0);
    try {
      new SnapshotWriter(disk, fresh).writeAll(state);
    } catch (UncheckedIOException e) {
      throw new IOException(e.getCause());
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
      disk.write(file, offset, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    offset += size;
  }
}
