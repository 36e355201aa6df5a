package dev.paxoskv.client.backup;

import dev.paxoskv.paxos.journal.file.FileTrouble;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.function.Supplier;
import java.util.zip.CRC32C;

/**
 * The file that a backup is written to: under another name until all of it is there and was found
 * to be what the server sent.
 */
final class BackupFile implements AutoCloseable {
  private static final String UNFINISHED = ".tmp";
  private static final int PIECE_BYTES = 1 << 20;

  private final Path file;
  private final boolean mayReplace;
  private final Path unfinished;
  private final FileChannel channel;

  private BackupFile(Path file, boolean mayReplace, Path unfinished, FileChannel channel) {
    this.file = file;
    this.mayReplace = mayReplace;
    this.unfinished = unfinished;
    this.channel = channel;
  }

  /**
   * Opens a file beside it, which its owner alone may read, as all data will be in it.
   *
   * @param mayReplace whether there may be a file of that name already
   * @throws IllegalArgumentException with a line for people, if it cannot be written there
   */
  static BackupFile create(Path file, boolean mayReplace) {
    require(
        !Files.isDirectory(file) && file.getFileName() != null,
        () -> "'" + file + "' is a directory; name a file");
    require(mayReplace || !Files.exists(file), () -> isThere(file));
    // The backup would take the place of a device or pipe, not go through it.
    require(
        !Files.exists(file) || Files.isRegularFile(file),
        () -> file + " is no regular file; name one");
    Path directory = file.toAbsolutePath().getParent();
    require(
        directory != null && Files.isDirectory(directory),
        () -> "there is no directory " + directory + "; make it");
    try {
      Path unfinished = Files.createTempFile(directory, file.getFileName() + ".", UNFINISHED);
      // Also if somebody at a terminal has had enough of waiting.
      unfinished.toFile().deleteOnExit();
      FileChannel channel =
          FileChannel.open(unfinished, StandardOpenOption.READ, StandardOpenOption.WRITE);
      return new BackupFile(file.toAbsolutePath(), mayReplace, unfinished, channel);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "cannot write in " + directory + ": " + FileTrouble.why(e), e);
    }
  }

  private static void require(boolean holds, Supplier<String> otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise.get());
    }
  }

  private static String isThere(Path file) {
    return file + " is there already; name another file, or use --force";
  }

  /** Begins anew. */
  void clear() throws IOException {
    channel.truncate(0);
  }

  void write(long offset, ByteBuffer bytes) throws IOException {
    long at = offset;
    while (bytes.hasRemaining()) {
      at += channel.write(bytes, at);
    }
  }

  /**
   * Makes it durable and reads it again: whether its last four bytes are the checksum of all before
   * them.
   */
  boolean isWhole() throws IOException {
    channel.force(true);
    long end = channel.size() - Integer.BYTES;
    CRC32C crc = new CRC32C();
    ByteBuffer some = ByteBuffer.allocate(PIECE_BYTES);
    for (long at = 0; at < end; at += some.limit()) {
      some.clear().limit((int) Math.min(PIECE_BYTES, end - at));
      fill(some, at);
      crc.update(some);
    }
    some.clear().limit(Integer.BYTES);
    return end > 0 && fill(some, end).getInt() == (int) crc.getValue();
  }

  private ByteBuffer fill(ByteBuffer into, long at) throws IOException {
    while (into.hasRemaining()) {
      if (channel.read(into, at + into.position()) < 0) {
        throw new IOException(unfinished + " has become shorter");
      }
    }
    return into.flip();
  }

  /**
   * Gives it its name, durably.
   *
   * @throws IOException with a line for people, for one if that is taken meanwhile
   */
  void finish() throws IOException {
    if (Files.exists(file) && !mayReplace) {
      throw new IOException(isThere(file));
    }
    Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    Path directory = file.getParent();
    if (directory != null) {
      try (FileChannel parent = FileChannel.open(directory, StandardOpenOption.READ)) {
        parent.force(true);
      }
    }
  }

  /** What is not finished is gone after this. */
  @Override
  public void close() throws IOException {
    channel.close();
    Files.deleteIfExists(unfinished);
  }
}
