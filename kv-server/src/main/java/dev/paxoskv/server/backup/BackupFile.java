package dev.paxoskv.server.backup;

import dev.paxoskv.paxos.protocol.Talk.Piece;
import dev.paxoskv.paxos.protocol.Talk.Pull;
import dev.paxoskv.paxos.protocol.Value;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * A backup in a file, which was found to be as it was written when it was opened. Changes nothing.
 * One thread; blocks.
 */
public final class BackupFile implements AutoCloseable {
  private final Path path;
  private final FileChannel channel;
  private final BackupHead head;
  private final int checksum;

  private BackupFile(Path path, FileChannel channel) throws IOException {
    this.path = path;
    this.channel = channel;
    try {
      this.head = BackupHead.decode(read(0, (int) Math.min(BackupHead.BYTES, channel.size())));
    } catch (IOException e) {
      throw new IOException(path + " " + e.getMessage(), e);
    }
    if (head.snapshotBytes() < 0 || head.fileBytes() != channel.size()) {
      throw new IOException(path + " is cut off or damaged: it has " + channel.size()
          + " bytes, and says that it has " + head.fileBytes());
    }
    this.checksum = read(channel.size() - BackupHead.CHECKSUM_BYTES, BackupHead.CHECKSUM_BYTES)
        .getInt();
    if (checksum != actualChecksum()) {
      throw new IOException(path + " is damaged: the checksum at its end is not that of its bytes");
    }
  }

  /**
   * Opens a backup and reads all of it.
   *
   * @throws IOException if it is none, is of another version, or is not as it was written; or if it
   *     cannot be read; with a line for people
   */
  public static BackupFile open(Path path) throws IOException {
    if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
      throw new IOException(path + " is no file that can be read");
    }
    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
    try {
      return new BackupFile(path, channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private int actualChecksum() throws IOException {
    CRC32C crc = new CRC32C();
    long end = channel.size() - BackupHead.CHECKSUM_BYTES;
    for (long at = 0; at < end; at += Pull.BYTES_MAX) {
      crc.update(read(at, (int) Math.min(Pull.BYTES_MAX, end - at)));
    }
    return (int) crc.getValue();
  }

  public BackupHead head() {
    return head;
  }

  /** Of all bytes before it. */
  int checksum() {
    return checksum;
  }

  /**
   * A piece of the snapshot in it, as servers give them to each other.
   *
   * @param offset where in the snapshot it begins
   * @throws IOException if the file cannot be read, or has become shorter
   */
  Piece piece(long offset) throws IOException {
    int length = (int) Math.min(Pull.BYTES_MAX, head.snapshotBytes() - offset);
    Value bytes = Value.of(read(BackupHead.BYTES + offset, length).array());
    return new Piece(
        head.applied(), head.hash(), head.snapshotBytes(), offset, bytes, bytes.checksum());
  }

  /** A line for people. */
  public String describe() {
    return path + ": backup of cluster " + head.cluster() + ", " + head.fileBytes()
        + " bytes, up to instance " + head.applied() + ", state hash "
        + String.format("%016x", head.hash());
  }

  private ByteBuffer read(long at, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, at + bytes.position()) < 0) {
        throw new IOException(path + " has become shorter");
      }
    }
    return bytes.flip();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
