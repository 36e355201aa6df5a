package dev.paxoskv.server.snapshot;

import dev.paxoskv.paxos.journal.Disk;
import dev.paxoskv.paxos.protocol.Talk.Piece;
import dev.paxoskv.paxos.protocol.Talk.Pull;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.proto.snapshot.SnapshotHead;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads pieces of whole snapshots, which others may delete meanwhile. */
final class PieceReader {
  private static final Logger LOG = LoggerFactory.getLogger(PieceReader.class);

  private PieceReader() {}

  /**
   * The piece that was asked for; {@link Piece#NONE} if there is none any more. Blocks.
   *
   * @param last no snapshot is given that goes further than this instance
   */
  static Piece read(Disk files, Pull pull, long last) {
    try {
      List<String> names = SnapshotStore.names(files);
      names.removeIf(name -> SnapshotStore.name(last).compareTo(name) < 0);
      if (pull.index() >= 0) {
        names.retainAll(List.of(SnapshotStore.name(pull.index())));
      }
      return names.isEmpty() ? Piece.NONE : read(files, pull, names.get(names.size() - 1));
    } catch (IOException e) {
      LOG.warn("a piece of a snapshot cannot be given: {}", e.getMessage());
      return Piece.NONE;
    }
  }

  private static Piece read(Disk files, Pull pull, String file) throws IOException {
    SnapshotHead head = SnapshotReader.head(files, file);
    long size = files.size(file);
    boolean isMeant = pull.index() < 0 || pull.hash() == head.getHash();
    if (!isMeant || pull.offset() >= size) {
      return Piece.NONE;
    }
    int length = (int) Math.min(Math.min(pull.bytesMax(), Pull.BYTES_MAX), size - pull.offset());
    byte[] bytes = new byte[length];
    if (files.read(file, pull.offset(), ByteBuffer.wrap(bytes)) < length) {
      return Piece.NONE;
    }
    Value value = Value.of(bytes);
    return new Piece(
        head.getApplied(), head.getHash(), size, pull.offset(), value, value.checksum());
  }
}
