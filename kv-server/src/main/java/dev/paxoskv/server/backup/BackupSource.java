package dev.paxoskv.server.backup;

import com.google.protobuf.UnsafeByteOperations;
import dev.paxoskv.paxos.journal.file.FileDisk;
import dev.paxoskv.proto.kv.BackupPiece;
import dev.paxoskv.proto.snapshot.SnapshotHead;
import dev.paxoskv.server.snapshot.SnapshotStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * A snapshot of this server, and before and behind it what makes a backup of it. Holds the
 * snapshot's file open, so that it can be read to its end even if it is deleted meanwhile, as it is
 * when two newer ones exist. Blocks; one thread.
 */
final class BackupSource implements AutoCloseable {
  /** Longest piece. */
  static final int PIECE_BYTES = 1 << 18;

  private final FileDisk disk;
  private final String file;
  private final BackupHead head;
  private final int checksum;

  private BackupSource(FileDisk disk, BackupHead head) throws IOException {
    this.disk = disk;
    this.file = SnapshotStore.name(head.applied());
    this.head = head;
    CRC32C crc = new CRC32C();
    crc.update(head.encode());
    byte[] bytes = new byte[PIECE_BYTES];
    for (long at = 0; at < head.snapshotBytes(); at += PIECE_BYTES) {
      ByteBuffer some = ByteBuffer.wrap(bytes);
      some.limit((int) Math.min(PIECE_BYTES, head.snapshotBytes() - at));
      fill(some, at);
      crc.update(some.flip());
    }
    this.checksum = (int) crc.getValue();
  }

  /**
   * Opens the snapshot which covers everything up to {@code applied}, and checks all of it.
   *
   * @param disk the data directory; closed with this
   * @param cluster of which cluster it is
   * @throws IOException if it is gone or damaged, or cannot be read; {@code disk} is closed then
   */
  static BackupSource open(FileDisk disk, long applied, String cluster) throws IOException {
    try {
      SnapshotHead head = SnapshotStore.check(disk, applied);
      long size = disk.size(SnapshotStore.name(applied));
      return new BackupSource(disk, new BackupHead(cluster, applied, head.getHash(), size));
    } catch (IOException | RuntimeException e) {
      disk.close();
      throw e;
    }
  }

  /** Size of the backup, in bytes. */
  long size() {
    return head.fileBytes();
  }

  /**
   * A piece of the backup.
   *
   * @param offset where it begins; below {@link #size}
   * @throws IOException if the disk fails
   */
  BackupPiece read(long offset) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(PIECE_BYTES, size() - offset));
    long at = offset;
    if (at < BackupHead.BYTES) {
      at += put(head.encode(), (int) at, bytes);
    }
    long inSnapshot = at - BackupHead.BYTES;
    if (inSnapshot < head.snapshotBytes() && bytes.hasRemaining()) {
      int length = (int) Math.min(bytes.remaining(), head.snapshotBytes() - inSnapshot);
      fill(bytes.slice(bytes.position(), length), inSnapshot);
      bytes.position(bytes.position() + length);
      at += length;
    }
    if (bytes.hasRemaining()) {
      ByteBuffer end =
          ByteBuffer.allocate(BackupHead.CHECKSUM_BYTES).putInt(checksum).flip();
      put(end, (int) (at - BackupHead.BYTES - head.snapshotBytes()), bytes);
    }
    CRC32C crc = new CRC32C();
    crc.update(bytes.flip());
    return BackupPiece.newBuilder()
        .setCluster(head.cluster())
        .setApplied(head.applied())
        .setHash(head.hash())
        .setSize(size())
        .setOffset(offset)
        .setBytes(UnsafeByteOperations.unsafeWrap(bytes.array()))
        .setChecksum((int) crc.getValue())
        .build();
  }

  /** From {@code at} on, as much as there is and goes in; returns how much that was. */
  private static int put(ByteBuffer from, int at, ByteBuffer into) {
    int length = Math.min(from.limit() - at, into.remaining());
    into.put(from.slice(at, length));
    return length;
  }

  private void fill(ByteBuffer into, long at) throws IOException {
    int wanted = into.remaining();
    if (disk.read(file, at, into) < wanted) {
      throw new IOException(file + " has become shorter");
    }
  }

  @Override
  public void close() throws IOException {
    disk.close();
  }
}
