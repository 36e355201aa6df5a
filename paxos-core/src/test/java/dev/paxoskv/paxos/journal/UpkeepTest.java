package dev.paxoskv.paxos.journal;

import static dev.paxoskv.paxos.journal.Log.vote;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paxoskv.paxos.journal.format.SegmentHead;
import dev.paxoskv.paxos.protocol.DurableRecord.Floor;
import dev.paxoskv.paxos.protocol.DurableRecord.Registered;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Spare files, old segments, and how often cold ones are read. */
class UpkeepTest {
  private static final int SEGMENT = 1024;

  /** Two pieces and a half. */
  private static final int LARGE = 5 << 19;

  private final MemoryDisk disk = new MemoryDisk();

  @Test
  void noMoreSparesAreKeptThanThreeNorMadeThanTwo() {
    Segments segments = new Segments(SEGMENT);
    for (int spares = 0; spares <= Segments.SPARES_KEPT; spares++) {
      assertThat(segments.spares()).isEqualTo(spares);
      assertThat(segments.needsSpare()).isEqualTo(spares < 2);
      assertThat(segments.keepsSpare()).isEqualTo(spares < 3);
      segments.addSpare(segments.nextSpare());
    }
  }

  @Test
  void aLargerSegmentIsMadeOfNoSpareFile() {
    Segments segments = new Segments(SEGMENT);
    segments.addSpare("spare-4");
    assertThat(segments.takeSpare(SEGMENT + 1)).isEmpty();
    assertThat(segments.takeSpare(SEGMENT)).hasValue("spare-4");
    assertThat(segments.takeSpare(SEGMENT)).isEmpty();
  }

  @Test
  void aSparesNameIsGivenOnce() {
    Segments segments = new Segments(SEGMENT);
    segments.addSpare("spare-4");
    segments.addSpare("spare-2");
    assertThat(segments.nextSpare()).isEqualTo("spare-5");
    assertThat(segments.nextSpare()).isEqualTo("spare-6");
  }

  @Test
  void sparesAreFilledPieceByPieceToTheirSize() throws IOException {
    Log log = new Log(disk, LARGE);
    int writes = disk.writes;
    log.idle();
    assertThat(disk.list()).hasSize(3);
    for (String file : disk.list()) {
      assertThat(disk.size(file)).isEqualTo(LARGE);
    }
    // Three pieces each, with the empty file before, and the marker at the log's end.
    assertThat(disk.writes - writes).isEqualTo(2 * 4 + 1);
    disk.crash(() -> 0);
    assertThat(disk.list()).hasSize(3);
  }

  @Test
  void aSpareThatTheDiskHasNoRoomForIsTakenBackAndTriedAgainLater() throws IOException {
    Log log = new Log(disk, LARGE);
    log.journal.tick();
    log.worker.step();
    assertThat(disk.list()).hasSize(2);
    disk.capacity = 0;
    log.worker.all();
    assertThat(disk.list()).hasSize(1);
    assertThat(log.journal.hasRoom()).isFalse();
    assertThat(log.journal.hasRoomForVotes()).isFalse();
    disk.capacity = Long.MAX_VALUE;
    tick(log, 99);
    assertThat(disk.list()).hasSize(1);
    tick(log, 1);
    assertThat(disk.list()).hasSize(3);
    assertThat(log.journal.hasRoom()).isTrue();
  }

  @Test
  void aSpareIsNotBegunIfItWouldNotFit() throws IOException {
    Log log = new Log(disk, SEGMENT);
    disk.capacity = 2 * SEGMENT - 1;
    log.idle();
    assertThat(disk.creates).isEqualTo(1);
    assertThat(log.journal.hasRoom()).isFalse();
    disk.capacity = 2 * SEGMENT;
    tick(log, 200);
    assertThat(disk.list()).hasSize(2);
    assertThat(log.journal.hasRoom()).isFalse();
    assertThat(log.journal.hasRoomForVotes()).isTrue();
  }

  /** Nothing is known of a disk that fails though it has room. */
  @Test
  void aWriteThatFailsForAnotherReasonStopsTheServer() throws IOException {
    Log log = new Log(disk, LARGE);
    log.journal.tick();
    disk.broken = "spare-0";
    assertThatThrownBy(log.worker::all).hasMessageContaining("spare-0: input/output error");
  }

  /** More is copied then than what would delay the votes behind it: room matters more. */
  @Test
  void aFullDiskHasItsOldestSegmentCopiedThoughMuchOfItIsNeeded() throws IOException {
    // Two segments and one spare.
    disk.capacity = 3 * (4 << 20);
    Log log = new Log(disk, 4 << 20);
    for (int i = 0; i < 12; i++) {
      log.append(vote(i, 1, "x".repeat(500_000)));
    }
    log.settle();
    log.idle();
    assertThat(log.journal.hasRoom()).isFalse();
    // Three of eight votes.
    log.append(new Floor(5));
    log.idle();
    assertThat(log.journal.hasRoom()).isTrue();
    assertThat(disk.list()).doesNotContain(SegmentHead.file(1));
    assertThat(new Log(disk, 4 << 20).recovered().instances()).hasSize(7);
  }

  @Test
  void aSegmentOfAnotherSizeIsNotUsedAgain() throws IOException {
    Log log = new Log(disk, SEGMENT);
    log.append(vote(0, 1, "x".repeat(SEGMENT)));
    log.append(vote(1, 1, "x".repeat(SEGMENT)));
    log.append(vote(2, 1, "x"));
    log.append(new Floor(2));
    log.settle();
    log.idle();
    assertThat(disk.list()).doesNotContain(SegmentHead.file(1), SegmentHead.file(2));
    for (String file : disk.list()) {
      assertThat(disk.size(file)).as(file).isEqualTo(SEGMENT);
    }
  }

  /** Else the log would go on copying them for ever, a segment for a segment. */
  @Test
  void marksThatFillHalfASegmentAreNotCopiedToFreeOne() throws IOException {
    Log log = new Log(disk, 512);
    for (int peer = 0; peer < 4; peer++) {
      log.append(new Registered(peer, "member-" + peer, 1));
    }
    for (int i = 0; i < 10; i++) {
      log.append(vote(i, 1, "x"));
    }
    log.append(new Floor(10));
    log.settle();
    log.idle();
    long lsn = Recovery.open(disk.copy(), 512, 0).lsn();
    tick(log, 50);
    assertThat(disk.list()).contains(SegmentHead.file(1));
    assertThat(Recovery.open(disk.copy(), 512, 0).lsn()).isEqualTo(lsn);
  }

  @Test
  void aPieceOfAColdSegmentIsReadAtTimes() throws IOException {
    Log log = new Log(disk, SEGMENT);
    log.append(vote(0, 1, "x"));
    log.settle();
    log.idle();
    int reads = disk.reads;
    tick(log, 300);
    // The only segment is being written.
    assertThat(disk.reads).isEqualTo(reads);
    for (int i = 1; i < 15; i++) {
      log.append(vote(i, 1, "x"));
    }
    log.settle();
    log.idle();
    reads = disk.reads;
    tick(log, 100);
    // The end of a segment, and with it the head of the next.
    assertThat(disk.reads - reads).isEqualTo(2);
    tick(log, 100);
    assertThat(disk.reads - reads).isEqualTo(3);
    assertThat(log.journal.mended()).isZero();
  }

  @Test
  void aColdSegmentThatCannotBeReadIsWrittenAgain() throws IOException {
    Log log = new Log(disk, SEGMENT);
    for (int i = 0; i < 25; i++) {
      log.append(vote(i, 1, "value"));
    }
    log.settle();
    log.idle();
    disk.broken = SegmentHead.file(1);
    tick(log, 200);
    log.idle();
    assertThat(log.journal.mended()).isEqualTo(1);
    assertThat(disk.list()).doesNotContain(SegmentHead.file(1));
    assertThat(Recovery.open(disk, SEGMENT, 0).recovered().instances()).hasSize(25);
  }

  private static void tick(Log log, int times) {
    for (int i = 0; i < times; i++) {
      log.journal.tick();
      log.worker.all();
    }
  }
}
