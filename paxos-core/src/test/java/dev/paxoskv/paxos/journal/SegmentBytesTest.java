package dev.paxoskv.paxos.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paxoskv.paxos.journal.file.FileDisk;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentBytesTest {
  private static final int SIZE = (2 << 20) + 800;

  private final MemoryDisk disk = new MemoryDisk();

  @TempDir
  Path directory;

  /** It is read from behind, a mebibyte and a block of 4 KiB at a time. */
  @Test
  void onlyZerosAtTheEndAreLeftOut() throws IOException {
    int[] used = {0, 1, 1000, 4095, 4096, 4097, (1 << 20) - 1, 1 << 20, (1 << 20) + 1};
    for (int each : used) {
      assertLimit(each, each + 512);
      // The same from the end on, where pieces begin.
      assertLimit(SIZE - 600 - each, SIZE - 88 - each);
    }
    assertLimit(SIZE - 500, SIZE);
    assertLimit(SIZE, SIZE);
  }

  /** Of a segment with {@code used} bytes, the last of them not zero. */
  private void assertLimit(int used, int limit) throws IOException {
    String file = "used-" + used;
    disk.create(file, SIZE);
    if (used > 0) {
      disk.write(file, used - 1, ByteBuffer.wrap(new byte[] {1}));
    }
    assertThat(SegmentBytes.of(disk, file).limit()).as(file).isEqualTo(limit);
    disk.delete(file);
  }

  @Test
  void recordsAreLookedForBehindZerosAndNotBehindTheEnd() throws IOException {
    disk.create("a", 64);
    disk.write("a", 63, ByteBuffer.wrap(new byte[] {1}));
    SegmentBytes segment = SegmentBytes.of(disk, "a");
    assertThat(segment.possible(0)).isEqualTo(56);
    assertThat(segment.possible(64)).isEqualTo(64);
    assertThat(segment.shows(0, 16)).isTrue();
    assertThat(segment.shows(1, 16)).isFalse();
    assertThat(segment.shows(0, 32)).isFalse();
    assertThat(segment.frame(64, 0)).isEmpty();
    disk.create("zeros", 64);
    assertThat(SegmentBytes.of(disk, "zeros").possible(0)).isEqualTo(64);
  }

  @Test
  void aFileOfTwoGibibytesIsNoSegment() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(directory.resolve("large").toFile(), "rw")) {
      file.setLength(1L << 31);
    }
    assertThatThrownBy(() -> SegmentBytes.of(FileDisk.forReading(directory), "large"))
        .hasMessage("large has 2147483648 bytes, more than any segment");
  }
}
