package dev.paxoskv.paxos.journal;

import static dev.paxoskv.paxos.journal.Log.vote;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.paxos.journal.format.SegmentHead;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScrubTest {
  private static final int SEGMENT = 1024;
  private static final List<Long> THREE = List.of(1L, 2L, 3L);

  /** Of a vote for a short value. */
  private static final int EACH = 80;

  private final MemoryDisk disk = new MemoryDisk();

  ScrubTest() throws IOException {
    Log log = new Log(disk, SEGMENT);
    for (int i = 0; i < 25; i++) {
      log.append(vote(i, 1, "value" + i % 10));
    }
    log.settle();
    assertThat(disk.list()).contains(SegmentHead.file(3)).doesNotContain(SegmentHead.file(4));
  }

  @Test
  void closedSegmentsAreReadOneAfterTheOtherAndAgain() throws IOException {
    Scrub scrub = new Scrub(disk, Log.SALT);
    for (long segment : new long[] {1, 1, 2, 2, 1, 1}) {
      assertThat(scrub.next(THREE)).isEqualTo(segment);
      assertThat(scrub.step()).isTrue();
    }
    // The one at hand was thrown away.
    assertThat(scrub.next(THREE)).isEqualTo(2);
    assertThat(scrub.next(List.of(3L, 4L))).isEqualTo(3);
    assertThat(scrub.next(List.of(2L, 3L))).isEqualTo(2);
    assertThat(scrub.step()).isTrue();
  }

  @Test
  void aWriteThatTheDiskForgotIsFoundThoughTheRecordThereIsSound() throws IOException {
    byte[] bytes = disk.bytes(SegmentHead.file(1));
    int second = SegmentHead.BYTES + EACH;
    System.arraycopy(bytes, SegmentHead.BYTES, bytes, second, EACH);
    assertThat(isSound()).isFalse();
  }

  @Test
  void aSegmentThatEndsTooEarlyIsNotSound() throws IOException {
    byte[] bytes = disk.bytes(SegmentHead.file(1));
    int used = SegmentHead.BYTES + (SEGMENT - SegmentHead.BYTES) / EACH * EACH;
    Arrays.fill(bytes, used - EACH, used, (byte) 0);
    assertThat(isSound()).isFalse();
  }

  @Test
  void aSegmentWhoseSuccessorIsAnotherIsNotSound() throws IOException {
    System.arraycopy(
        disk.bytes(SegmentHead.file(3)), 0, disk.bytes(SegmentHead.file(2)), 0, SEGMENT);
    assertThat(isSound()).isFalse();
  }

  @Test
  void anEmptyFileIsNotSound() throws IOException {
    disk.truncate(SegmentHead.file(1), 0);
    assertThat(isSound()).isFalse();
  }

  @Test
  void aRecordLargerThanAPieceIsReadWhole() throws IOException {
    MemoryDisk large = new MemoryDisk();
    Log log = new Log(large, 4 << 20);
    for (int i = 0; i < 3; i++) {
      log.append(vote(i, 1, "x".repeat(1_500_000)));
    }
    log.settle();
    // The head, two records, and the head of the next segment.
    assertThat(isSound(large, 4)).isTrue();
    byte[] bytes = large.bytes(SegmentHead.file(1));
    bytes[2_000_000] ^= 1;
    assertThat(isSound(large, 2)).isTrue();
    assertThat(isSound(large, 3)).isFalse();
    bytes[2_000_000] ^= 1;
    // A length that points behind the end of the file.
    bytes[SegmentHead.BYTES] = 0x7f;
    assertThat(isSound(large, 2)).isFalse();
  }

  private boolean isSound() throws IOException {
    return isSound(disk, 2);
  }

  private static boolean isSound(MemoryDisk disk, int steps) throws IOException {
    Scrub scrub = new Scrub(disk, Log.SALT);
    boolean isSound = true;
    for (int i = 0; i < steps && isSound; i++) {
      assertThat(scrub.next(THREE)).isEqualTo(1);
      isSound = scrub.step();
    }
    return isSound;
  }
}
