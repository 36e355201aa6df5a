package dev.paxoskv.paxos.journal.file;

import dev.paxoskv.paxos.journal.Disk;
import dev.paxoskv.paxos.meter.Histogram;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A directory of the file system, held under a lock so that no second server works in it.
 *
 * <p>A sync is fdatasync: log files are filled with zeros beforehand, so a write to one changes no
 * size and no map of blocks. Files that were written stay open. Not thread-safe.
 */
public final class FileDisk implements Disk, AutoCloseable {
  private static final int PIECE_BYTES = 1 << 20;

  private final Path directory;

  /** Empty for one that works under the lock of another, or only looks. */
  private final Optional<HeldDirectory> held;

  private final OpenFiles files;
  private final Histogram syncNanos = Histogram.ofNanos();
  private final ByteBuffer piece = ByteBuffer.allocateDirect(PIECE_BYTES);

  private FileDisk(Path directory, Optional<HeldDirectory> held, OpenFiles files) {
    this.directory = directory;
    this.held = held;
    this.files = files;
  }

  /**
   * Makes {@code directory} if need be and takes its lock.
   *
   * @throws IOException with a line that says why, for one if another server holds the lock
   */
  public static FileDisk open(Path directory) throws IOException {
    return open(directory, new OpenFiles());
  }

  /** One that already has some files open. */
  static FileDisk open(Path directory, OpenFiles files) throws IOException {
    try {
      HeldDirectory held = HeldDirectory.take(directory);
      return new FileDisk(held.path(), Optional.of(held), files);
    } catch (FileSystemException e) {
      throw new IOException(
          "the data directory " + directory + " cannot be used: " + FileTrouble.of(e), e);
    }
  }

  /** Without a lock, to look at; nothing may be written through it. */
  public static FileDisk forReading(Path directory) {
    return new FileDisk(directory, Optional.empty(), new OpenFiles());
  }

  /**
   * The same directory for another thread, which must keep to files of its own. Valid as long as
   * this one is open, whose lock covers both.
   */
  public FileDisk forAnotherThread() {
    return new FileDisk(directory, Optional.empty(), new OpenFiles());
  }

  /** The same directory for threads that only look at it, while this one is open. */
  public Disk forReadingOnly() {
    return new ReadingDisk(directory);
  }

  @Override
  public List<String> list() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      List<String> names = new ArrayList<>();
      files.filter(Files::isRegularFile).forEach(file -> names.add(nameOf(file)));
      names.remove(HeldDirectory.LOCK);
      return names;
    }
  }

  private static String nameOf(Path file) {
    Path name = file.getFileName();
    return name == null ? "" : name.toString();
  }

  @Override
  public long size(String file) throws IOException {
    return Files.size(directory.resolve(file));
  }

  @Override
  public void create(String file, long size) throws IOException {
    files.put(
        file,
        FileChannel.open(
            directory.resolve(file),
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE));
    ByteBuffer zeros = ByteBuffer.allocate((int) Math.min(PIECE_BYTES, size));
    for (long at = 0; at < size; at += PIECE_BYTES) {
      zeros.clear().limit((int) Math.min(PIECE_BYTES, size - at));
      write(file, at, zeros);
    }
  }

  @Override
  public void write(String file, long offset, ByteBuffer bytes) throws IOException {
    FileChannel channel = channel(file);
    long at = offset;
    while (bytes.hasRemaining()) {
      // Through a buffer of our own: the JDK would keep a direct one as large as the largest write.
      int length = Math.min(PIECE_BYTES, bytes.remaining());
      piece.clear();
      piece.put(bytes.slice(bytes.position(), length)).flip();
      bytes.position(bytes.position() + length);
      at += writePiece(file, channel, at);
    }
  }

  private int writePiece(String file, FileChannel channel, long at) throws IOException {
    try {
      int written = 0;
      while (piece.hasRemaining()) {
        written += channel.write(piece, at + written);
      }
      return written;
    } catch (IOException e) {
      throw new IOException("writing " + directory.resolve(file) + ": " + e.getMessage(), e);
    }
  }

  @Override
  public int read(String file, long offset, ByteBuffer into) throws IOException {
    FileChannel channel = channel(file);
    int total = 0;
    int count = 0;
    while (into.hasRemaining() && count >= 0) {
      piece.clear().limit(Math.min(PIECE_BYTES, into.remaining()));
      count = channel.read(piece, offset + total);
      into.put(piece.flip());
      total += Math.max(0, count);
    }
    return total;
  }

  @Override
  public void sync(String file) throws IOException {
    try {
      long began = System.nanoTime();
      channel(file).force(false);
      syncNanos.record(System.nanoTime() - began);
    } catch (IOException e) {
      throw new IOException("syncing " + directory.resolve(file) + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void rename(String from, String to) throws IOException {
    Files.move(directory.resolve(from), directory.resolve(to), StandardCopyOption.ATOMIC_MOVE);
    files.rename(from, to);
  }

  @Override
  public void delete(String file) throws IOException {
    files.close(file);
    Files.delete(directory.resolve(file));
  }

  @Override
  public void syncDirectory() throws IOException {
    HeldDirectory.sync(directory);
  }

  @Override
  public long free() throws IOException {
    return Files.getFileStore(directory).getUsableSpace();
  }

  /** How long the syncs of files took since this was opened. From any thread. */
  public Histogram syncNanos() {
    return syncNanos;
  }

  /**
   * Closes all files, and then gives the lock back, in any case: a file whose closing failed takes
   * no more writes either.
   */
  @Override
  public void close() throws IOException {
    try {
      files.closeAll();
    } finally {
      release();
    }
  }

  private void release() throws IOException {
    if (held.isPresent()) {
      held.get().close();
    }
  }

  private FileChannel channel(String file) throws IOException {
    Optional<FileChannel> opened = files.get(file);
    if (opened.isPresent()) {
      return opened.get();
    }
    FileChannel channel = FileChannel.open(
        directory.resolve(file), StandardOpenOption.READ, StandardOpenOption.WRITE);
    files.put(file, channel);
    return channel;
  }
}
