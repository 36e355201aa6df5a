package dev.paxoskv.paxos.journal.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.paxoskv.paxos.journal.Disk;
import dev.paxoskv.paxos.meter.Histogram;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * A directory of the file system, held under a lock so that no second server works in it.
 *
 * <p>A sync is fdatasync: log files are filled with zeros beforehand, so a write to one changes no
 * size and no map of blocks. Files that were written stay open. Not thread-safe.
 */
public final class FileDisk implements Disk, AutoCloseable {
  private static final String LOCK = "lock";

  /**
   * Directories in use by this process. The system's locks do not know two users in one process:
   * opening the lock file once more and closing it would end the lock.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private static final int PIECE_BYTES = 1 << 20;

  private final Path directory;
  private final Optional<FileChannel> lockFile;
  private final OpenFiles files;
  private final Histogram syncNanos = Histogram.ofNanos();
  private final ByteBuffer piece = ByteBuffer.allocateDirect(PIECE_BYTES);

  private FileDisk(Path directory, Optional<FileChannel> lockFile, OpenFiles files) {
    this.directory = directory;
    this.lockFile = lockFile;
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
      return take(directory, files);
    } catch (FileSystemException e) {
      throw new IOException(
          "the data directory " + directory + " cannot be used: " + FileTrouble.of(e), e);
    }
  }

  private static FileDisk take(Path directory, OpenFiles files) throws IOException {
    if (!Files.isDirectory(directory)) {
      Path parent = directory.toAbsolutePath().getParent();
      Files.createDirectories(directory);
      if (parent != null) {
        syncDirectory(parent);
      }
    }
    Path real = directory.toRealPath();
    if (!HELD.add(real)) {
      throw new IOException("the data directory " + directory + " is in use by process "
          + ProcessHandle.current().pid() + ", which is this one");
    }
    try {
      return new FileDisk(real, Optional.of(lock(real)), files);
    } catch (IOException | RuntimeException e) {
      HELD.remove(real);
      throw e;
    }
  }

  private static FileChannel lock(Path directory) throws IOException {
    FileChannel lockFile = FileChannel.open(
        directory.resolve(LOCK),
        StandardOpenOption.CREATE,
        StandardOpenOption.READ,
        StandardOpenOption.WRITE);
    try {
      lock(directory, lockFile);
    } catch (IOException | RuntimeException e) {
      lockFile.close();
      throw e;
    }
    return lockFile;
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

  /** The lock goes with the process, however it ends; the pid in the file is for people. */
  private static void lock(Path directory, FileChannel lockFile) throws IOException {
    boolean isHeld;
    try {
      FileLock lock = lockFile.tryLock(1L << 40, 1, false);
      isHeld = lock != null;
    } catch (OverlappingFileLockException e) {
      isHeld = false;
    }
    if (!isHeld) {
      ByteBuffer holder = ByteBuffer.allocate(32);
      lockFile.read(holder, 0);
      throw new IOException("the data directory " + directory + " is in use by process "
          + new String(holder.array(), 0, holder.position(), UTF_8).strip());
    }
    lockFile.truncate(0);
    lockFile.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(UTF_8)), 0);
  }

  @Override
  public List<String> list() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      List<String> names = new ArrayList<>();
      files.filter(Files::isRegularFile).forEach(file -> names.add(nameOf(file)));
      names.remove(LOCK);
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
    syncDirectory(directory);
  }

  private static void syncDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
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
    if (lockFile.isPresent()) {
      try {
        lockFile.get().close();
      } finally {
        HELD.remove(directory);
      }
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
