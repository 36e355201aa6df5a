package dev.paxoskv.server.backup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * What a backup begins with, big endian: magic 8, version 4, cluster id 16, last instance 8, state
 * hash 8, size of the snapshot 8. The bytes of a snapshot follow, as a server keeps it, and then
 * the CRC32C of everything before it, 4.
 *
 * @param cluster of which cluster it is, as 32 hexadecimal digits
 * @param applied the last instance that it covers
 * @param hash the state hash there
 * @param snapshotBytes size of the snapshot in it
 */
public record BackupHead(String cluster, long applied, long hash, long snapshotBytes) {
  static final int BYTES = 52;
  static final int CHECKSUM_BYTES = 4;
  static final int VERSION = 1;

  private static final long MAGIC = 0x5058_4b56_4241_4b55L;
  private static final int ID_BYTES = 16;

  /** Size of the whole file, in bytes. */
  long fileBytes() {
    return BYTES + snapshotBytes + CHECKSUM_BYTES;
  }

  ByteBuffer encode() {
    return ByteBuffer.allocate(BYTES)
        .putLong(MAGIC)
        .putInt(VERSION)
        .put(HexFormat.of().parseHex(cluster))
        .putLong(applied)
        .putLong(hash)
        .putLong(snapshotBytes)
        .flip();
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @param bytes as many as there are, up to {@link #BYTES}
   * @throws IOException if this is no backup, or one that this program cannot read; with a line
   *     that goes on behind the name of the file
   */
  static BackupHead decode(ByteBuffer bytes) throws IOException {
    if (bytes.remaining() < BYTES || bytes.getLong() != MAGIC) {
      throw new IOException("is no backup: it does not begin as one");
    }
    int version = bytes.getInt();
    if (version != VERSION) {
      throw new IOException("is a backup of version " + version
          + ", and this program reads version " + VERSION + "; use the newer program");
    }
    byte[] id = new byte[ID_BYTES];
    bytes.get(id);
    return new BackupHead(
        HexFormat.of().formatHex(id), bytes.getLong(), bytes.getLong(), bytes.getLong());
  }
}
