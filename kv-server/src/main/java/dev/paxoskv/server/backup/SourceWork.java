package dev.paxoskv.server.backup;

import dev.paxoskv.paxos.journal.file.FileDisk;
import dev.paxoskv.proto.kv.BackupPiece;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done with a source off the protocol thread. None of it writes, so a failure is for
 * whoever wanted a backup, and does not stop the server.
 */
final class SourceWork {
  private static final Logger LOG = LoggerFactory.getLogger(SourceWork.class);

  private SourceWork() {}

  /** Empty if there is no such snapshot that is whole. */
  static Optional<BackupSource> open(FileDisk disk, long index, String cluster) {
    try {
      return Optional.of(BackupSource.open(disk, index, cluster));
    } catch (IOException e) {
      LOG.error("a snapshot cannot be given as a backup: {}", e.getMessage());
      return Optional.empty();
    }
  }

  /** A piece, or why there is none. */
  static BackupPiece read(BackupSource source, long offset) {
    try {
      return source.read(offset);
    } catch (IOException e) {
      LOG.error("a piece of a backup cannot be given: {}", e.getMessage());
      return BackupPiece.newBuilder()
          .setFailed("this server cannot read its snapshot; its log says why; ask another server")
          .build();
    }
  }

  static boolean close(BackupSource source) {
    try {
      source.close();
      return true;
    } catch (IOException e) {
      LOG.warn("closing a snapshot that was given as a backup: {}", e.getMessage());
      return false;
    }
  }
}
