package dev.paxoskv.paxos.journal.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paxoskv.paxos.journal.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which file a name means, who may open it, and what is said when it fails. */
class FilesOfADiskTest {
  private final OpenFiles open = new OpenFiles();

  @TempDir
  Path directory;

  @Test
  void aNameMeansTheFileThatHasItNow() throws IOException {
    try (FileDisk disk = FileDisk.open(directory)) {
      disk.create("a", 1);
      disk.create("b", 1);
      disk.rename("a", "b");
      write(disk, "b", "1");
      assertThat(directory.resolve("b")).hasContent("1");
      disk.create("a", 1);
      write(disk, "a", "2");
      disk.delete("b");
      disk.rename("a", "b");
      write(disk, "b", "3");
      assertThat(directory.resolve("b")).hasContent("3");
      disk.create("a", 1);
      write(disk, "a", "4");
      assertThat(directory.resolve("b")).hasContent("3");
      // Never opened here before.
      Files.writeString(directory.resolve("c"), "x");
      disk.rename("c", "d");
      write(disk, "d", "5");
      assertThat(directory.resolve("d")).hasContent("5");
    }
  }

  @Test
  void whatIsReplacedOrDeletedIsClosed() throws IOException {
    try (FileDisk disk = FileDisk.open(directory, open)) {
      disk.create("a", 1);
      FileChannel a = open.get("a").orElseThrow();
      disk.create("b", 1);
      FileChannel b = open.get("b").orElseThrow();
      disk.rename("a", "b");
      assertThat(b.isOpen()).isFalse();
      assertThat(open.get("b")).containsSame(a);
      disk.delete("b");
      assertThat(a.isOpen()).isFalse();
      Files.writeString(directory.resolve("c"), "x");
      disk.sync("c");
      FileChannel c = open.get("c").orElseThrow();
      disk.sync("c");
      assertThat(open.get("c")).containsSame(c);
      assertThat(disk.syncNanos().total()).isEqualTo(2);
    }
  }

  @Test
  void whatFailsNamesTheFile() throws IOException {
    try (FileDisk disk = FileDisk.open(directory, open)) {
      open.put("a", new FaultyFile() {
        @Override
        protected void implCloseChannel() {}
      });
      Path file = directory.toRealPath().resolve("a");
      assertThatThrownBy(() -> write(disk, "a", "x"))
          .hasMessage("writing " + file + ": input/output error");
      assertThatThrownBy(() -> disk.sync("a"))
          .hasMessage("syncing " + file + ": input/output error");
      assertThatThrownBy(() -> disk.read("a", 0, ByteBuffer.allocate(1)))
          .hasMessage("input/output error");
    }
  }

  @Test
  void whatTheSystemWritesInPiecesIsWrittenWhole() throws IOException {
    Path file = directory.resolve("file");
    try (FileDisk disk = FileDisk.open(directory, open);
        FileChannel channel = FileChannel.open(Files.createFile(file), StandardOpenOption.WRITE)) {
      open.put("file", new FaultyFile() {
        @Override
        public int write(ByteBuffer bytes, long position) throws IOException {
          ByteBuffer few = bytes.slice(bytes.position(), Math.min(3, bytes.remaining()));
          int written = channel.write(few, position);
          bytes.position(bytes.position() + written);
          return written;
        }

        @Override
        protected void implCloseChannel() {}
      });
      write(disk, "file", "0123456789");
      assertThat(file).hasContent("0123456789");
    }
  }

  @Test
  void aDirectoryIsMadeAndItsSubdirectoriesAreNoFiles() throws IOException {
    Path deep = directory.resolve("new").resolve("deep");
    try (FileDisk disk = FileDisk.open(deep)) {
      Files.createDirectory(deep.resolve("sub"));
      disk.create("a", 0);
      assertThat(disk.list()).containsExactly("a");
      assertThat(disk.forAnotherThread().size("a")).isZero();
    }
  }

  /** The system's lock, which other processes see: the JDK shows its own holders of it. */
  @Test
  void theDirectoryIsLockedAgainstOtherProcesses() throws IOException {
    Path file = directory.resolve("lock");
    FileDisk.open(directory).close();
    try (FileChannel lock = FileChannel.open(file, StandardOpenOption.WRITE)) {
      try (FileDisk disk = FileDisk.open(directory)) {
        assertThat(disk.list()).isEmpty();
        assertThatThrownBy(() -> lock.tryLock(1L << 40, 1, false))
            .isInstanceOf(OverlappingFileLockException.class);
      }
      lock.tryLock(1L << 40, 1, false);
      lock.truncate(0).write(ByteBuffer.wrap("4711\n".getBytes(UTF_8)));
      assertThatThrownBy(() -> FileDisk.open(directory))
          .hasMessageEndingWith(" is in use by process 4711");
    }
    FileDisk.open(directory).close();
  }

  @Test
  void whoOnlyReadsSeesWhatHasANameNowAndWritesNothing() throws IOException {
    try (FileDisk disk = FileDisk.open(directory)) {
      Disk reader = disk.forReadingOnly();
      disk.create("a", 0);
      write(disk, "a", "0123456789");
      ByteBuffer into = ByteBuffer.allocate(4);
      assertThat(reader.read("a", 3, into)).isEqualTo(4);
      assertThat(new String(into.array(), UTF_8)).isEqualTo("3456");
      assertThat(reader.read("a", 8, ByteBuffer.allocate(4))).isEqualTo(2);
      assertThat(reader.read("a", 10, ByteBuffer.allocate(4))).isZero();
      assertThat(reader.list()).containsExactly("a");
      assertThat(reader.size("a")).isEqualTo(10);
      assertThat(reader.free()).isPositive();
      disk.create("b", 0);
      write(disk, "b", "new");
      disk.rename("b", "a");
      assertThat(reader.read("a", 0, ByteBuffer.allocate(10))).isEqualTo(3);
      assertThatThrownBy(() -> write(reader, "a", "x")).hasMessageContaining("for reading only: a");
    }
  }

  private static void write(Disk disk, String file, String text) throws IOException {
    disk.write(file, 0, ByteBuffer.wrap(text.getBytes(UTF_8)));
  }
}
