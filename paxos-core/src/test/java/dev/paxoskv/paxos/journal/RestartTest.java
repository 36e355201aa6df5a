package dev.paxoskv.paxos.journal;

import static dev.paxoskv.paxos.journal.Log.vote;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paxoskv.paxos.journal.format.SegmentHead;
import dev.paxoskv.paxos.protocol.DurableRecord;
import dev.paxoskv.paxos.protocol.Recovered;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** What a start leaves on the disk, and what it may find there. */
class RestartTest {
  private static final int SEGMENT = 512;

  /** Of what was not synced nothing survives. */
  private static final RandomGenerator NOTHING = () -> 0;

  private final MemoryDisk disk = new MemoryDisk();

  /** A process was killed between write and sync; a vote that is answered for must be durable. */
  @Test
  void whatAStartHasReadIsDurable() throws IOException {
    Log log = new Log(disk, SEGMENT);
    log.append(vote(0, 1, "synced"));
    log.settle();
    MemoryDisk killed = disk.copy();
    log.append(vote(1, 1, "not synced"));
    log.settle();
    killed.write(SegmentHead.file(1), 0, ByteBuffer.wrap(disk.bytes(SegmentHead.file(1))));

    assertThat(new Log(killed, SEGMENT).recovered().instances()).containsOnlyKeys(0L, 1L);
    killed.crash(NOTHING);
    assertThat(new Log(killed, SEGMENT).recovered().instances()).containsOnlyKeys(0L, 1L);
  }

  @Test
  void behindTheEndOfTheLogAStartLeavesZeros() throws IOException {
    int segment = (4 << 20) + 8;
    Log log = new Log(disk, segment);
    log.append(vote(0, 1, "x".repeat(1_500_000)));
    log.settle();
    int end = (int) Recovery.open(disk.copy(), segment, 0).end().offset();
    byte[] bytes = disk.bytes(SegmentHead.file(1));
    byte[] before = bytes.clone();
    for (int i = end; i < bytes.length; i++) {
      bytes[i] = 0x55;
    }
    Recovery.open(disk, segment, 0);
    assertThat(disk.bytes(SegmentHead.file(1))).isEqualTo(before);
  }

  @Test
  void aNewLogIsThereAfterAPowerCut() throws IOException {
    new Log(disk, SEGMENT);
    disk.crash(NOTHING);
    assertThat(disk.list()).contains(SegmentHead.file(1));
    assertThat(new Log(disk, SEGMENT).recovery.findings()).isEmpty();
  }

  @Test
  void aFirstSegmentThatWasNotFinishedIsMadeAgain() throws IOException {
    disk.create("fresh", 100);
    Log log = new Log(disk, SEGMENT);
    log.append(vote(0, 1, "x"));
    log.settle();
    assertThat(new Log(disk, SEGMENT).recovered().instances()).containsOnlyKeys(0L);
  }

  @Test
  void aLogThatIsGoneIsMissedWhereverItWasNeeded() throws IOException {
    for (String file : List.of("spare-0", "snapshot-0000000000000005")) {
      MemoryDisk rest = new MemoryDisk();
      rest.create(file, SEGMENT);
      assertThatThrownBy(() -> Recovery.open(rest, SEGMENT, 0))
          .isInstanceOf(LostDiskException.class)
          .hasMessageContaining("the log is gone, but " + file + " is there");
    }
    MemoryDisk rest = new MemoryDisk();
    rest.create("identity", 100);
    assertThat(Recovery.open(rest, SEGMENT, 0).lsn()).isEqualTo(1);
  }

  /** The power failed after the file was there and before its first record was. */
  @Test
  void aSegmentThatWasOnlyBegunIsBegunAgain() throws IOException {
    Log log = new Log(disk, SEGMENT);
    log.append(vote(0, 1, "x"));
    log.settle();
    disk.create(SegmentHead.file(2), SEGMENT);
    Log second = new Log(disk, SEGMENT);
    assertThat(disk.list()).doesNotContain(SegmentHead.file(2));
    disk.crash(NOTHING);
    assertThat(disk.list()).doesNotContain(SegmentHead.file(2));
    for (int i = 1; i < 10; i++) {
      second.append(vote(i, 1, "x"));
    }
    second.settle();
    assertThat(disk.list()).contains(SegmentHead.file(2));
    assertThat(new Log(disk, SEGMENT).recovered().instances()).hasSize(10);
  }

  @Test
  void aSegmentThatIsFullToItsLastByteIsReadAndFollowed() throws IOException {
    Log log = new Log(disk, SEGMENT);
    log.append(vote(0, 1, "x".repeat(SEGMENT - SegmentHead.BYTES - 72)));
    log.settle();
    Log second = new Log(disk, SEGMENT);
    assertThat(second.recovery.end().offset()).isEqualTo(SEGMENT);
    second.append(vote(1, 1, "y"));
    second.settle();
    second.idle();
    Recovery third = Recovery.open(disk, SEGMENT, 0);
    assertThat(third.findings()).isEmpty();
    assertThat(third.recovered().instances()).containsOnlyKeys(0L, 1L);
  }

  @Test
  void twoSparesOfTheRightSizeAreUsedAndNoOthersKept() throws IOException {
    new Log(disk, SEGMENT);
    disk.create("spare-1", SEGMENT - 8);
    disk.create("spare-2", SEGMENT);
    disk.create("spare-3", SEGMENT + 8);
    disk.create("spare-4", SEGMENT);
    disk.create("spare-5", SEGMENT);
    Recovery.open(disk, SEGMENT, 0);
    assertThat(disk.list()).containsExactly(SegmentHead.file(1), "spare-2", "spare-4");
    disk.crash(NOTHING);
    assertThat(disk.list()).containsExactly(SegmentHead.file(1), "spare-2", "spare-4");
  }

  @Test
  void whatARestoreWritesIsDurableAndCannotRotUnseen() throws IOException {
    List<DurableRecord> records = List.of(vote(0, 1, "x"), vote(1, 1, "y"));
    Recovery.open(disk, SEGMENT, 0).append(records);
    disk.crash(NOTHING);
    Recovery again = Recovery.open(disk.copy(), SEGMENT, 0);
    assertThat(again.recovered().instances()).isEqualTo(Recovered.of(records).instances());
    assertThat(again.lsn()).isEqualTo(4);
    disk.bytes(SegmentHead.file(1))[(int) again.end().offset() - 50] ^= 1;
    Recovered rotten = Recovery.open(disk, SEGMENT, 0).recovered();
    assertThat(rotten.instances().get(1L).isFaulty()).isTrue();
  }

  @Test
  void aMissingSegmentIsNamedByItsNeighbours() throws IOException {
    Log log = new Log(disk, SEGMENT);
    for (int i = 0; i < 30; i++) {
      log.append(vote(i, 1, "x"));
    }
    log.settle();
    disk.delete(SegmentHead.file(3));
    assertThatThrownBy(() -> Recovery.open(disk, SEGMENT, 0))
        .hasMessageContaining("of the log, the segments between log-0000000000000002 and"
            + " log-0000000000000004 are missing");
  }

  @Test
  void aSegmentMustHoldSomething() throws IOException {
    assertThatThrownBy(() -> Recovery.open(disk, 255, 0))
        .hasMessage("a segment of 255 bytes is below 256");
    assertThat(Recovery.open(disk, 256, 0).lsn()).isEqualTo(1);
  }
}
