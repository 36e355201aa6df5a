package dev.paxoskv.paxos.journal.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A directory in which nobody else works as long as this is open. */
final class HeldDirectory implements AutoCloseable {
  static final String LOCK = "lock";

  /**
   * Directories in use by this process. The system's locks do not know two users in one process:
   * opening the lock file once more and closing it would end the lock.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  /** Makes the names in a directory durable. */
  interface Syncing {
    void sync(Path directory) throws IOException;
  }

  private final Path path;
  private final FileChannel lockFile;

  private HeldDirectory(Path path, FileChannel lockFile) {
    this.path = path;
    this.lockFile = lockFile;
  }

  /**
   * Makes {@code directory} if need be and takes its lock.
   *
   * @throws IOException with a line that says why, for one if another server holds the lock
   */
  static HeldDirectory take(Path directory) throws IOException {
    make(directory.toAbsolutePath(), HeldDirectory::sync);
    Path real = directory.toRealPath();
    if (!HELD.add(real)) {
      throw new IOException("the data directory " + directory + " is in use by process "
          + ProcessHandle.current().pid() + ", which is this one");
    }
    try {
      return new HeldDirectory(real, lock(real));
    } catch (IOException | RuntimeException e) {
      HELD.remove(real);
      throw e;
    }
  }

  /**
   * Makes a directory, and those above it that are missing. Each of them has a name in the one
   * above, and without that what is synced below is lost with it.
   */
  static void make(Path directory, Syncing syncing) throws IOException {
    ArrayDeque<Path> missing = new ArrayDeque<>();
    for (Path at = directory; at != null && !Files.isDirectory(at); at = at.getParent()) {
      missing.push(at);
    }
    for (Path level : missing) {
      if (Files.isSymbolicLink(level) && !Files.exists(level)) {
        throw new FileSystemException(level.toString(), null, "it is a link that leads nowhere");
      }
      // Another server that starts now may have made it meanwhile; its name is synced all the same.
      Files.createDirectories(level);
      Path above = level.getParent();
      if (above != null) {
        syncing.sync(above);
      }
    }
  }

  static void sync(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static FileChannel lock(Path directory) throws IOException {
    Path file = directory.resolve(LOCK);
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new FileSystemException(
          file.toString(), null, "it is no regular file, which a server needs for its lock");
    }
    FileChannel lockFile = FileChannel.open(
        file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      lock(directory, lockFile);
    } catch (IOException | RuntimeException e) {
      lockFile.close();
      throw e;
    }
    return lockFile;
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

  /** The directory itself, without links. */
  Path path() {
    return path;
  }

  /** Gives the lock back. */
  @Override
  public void close() throws IOException {
    try {
      lockFile.close();
    } finally {
      HELD.remove(path);
    }
  }
}
