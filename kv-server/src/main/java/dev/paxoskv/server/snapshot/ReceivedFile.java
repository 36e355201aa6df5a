package dev.paxoskv.server.snapshot;

import dev.paxoskv.paxos.journal.Disk;
import dev.paxoskv.paxos.protocol.Talk.Piece;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The snapshot that is being received from another server, in a file that has no snapshot's name
 * before it is a whole one.
 */
final class ReceivedFile {
  private static final Logger LOG = LoggerFactory.getLogger(ReceivedFile.class);

  static final String NAME = "received";

  private final Disk disk;

  ReceivedFile(Disk disk) {
    this.disk = disk;
  }

  /**
   * Adds a piece; one at offset 0 begins anew.
   *
   * @return false if there is no room for the rest of the snapshot; what was there is gone then
   * @throws IOException if the disk fails otherwise
   */
  boolean write(Piece piece) throws IOException {
    if (piece.offset() == 0) {
      delete();
    }
    long left = piece.size() - piece.offset();
    try {
      if (disk.free() - left >= SnapshotWriter.ROOM_LEFT_BYTES) {
        if (piece.offset() == 0) {
          disk.create(NAME, 0);
        }
        disk.write(NAME, piece.offset(), ByteBuffer.wrap(piece.bytes().bytes()));
        return true;
      }
    } catch (IOException e) {
      // Somebody else may have taken the room meanwhile.
      if (disk.free() >= SnapshotWriter.ROOM_LEFT_BYTES) {
        throw e;
      }
    }
    LOG.warn("no room to receive a snapshot of {} bytes; make room", piece.size());
    delete();
    return false;
  }

  /** Makes it durable under {@code name}, which says that it is whole. */
  void becomes(String name) throws IOException {
    disk.sync(NAME);
    disk.rename(NAME, name);
    disk.syncDirectory();
  }

  void delete() throws IOException {
    if (disk.list().contains(NAME)) {
      disk.delete(NAME);
    }
  }
}
