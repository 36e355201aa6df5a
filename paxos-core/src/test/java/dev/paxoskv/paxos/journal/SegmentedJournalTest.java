package dev.paxoskv.paxos.journal;

import static dev.paxoskv.paxos.journal.Log.decided;
import static dev.paxoskv.paxos.journal.Log.decidedAsVoted;
import static dev.paxoskv.paxos.journal.Log.promise;
import static dev.paxoskv.paxos.journal.Log.vote;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.paxos.journal.format.SegmentHead;
import dev.paxoskv.paxos.protocol.DurableRecord;
import dev.paxoskv.paxos.protocol.DurableRecord.DoneMark;
import dev.paxoskv.paxos.protocol.DurableRecord.Floor;
import dev.paxoskv.paxos.protocol.DurableRecord.Registered;
import dev.paxoskv.paxos.protocol.DurableRecord.SnapshotMark;
import dev.paxoskv.paxos.protocol.Recovered;
import dev.paxoskv.paxos.protocol.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The log over a disk that can be crashed. */
class SegmentedJournalTest {
  private static final int SEGMENT = 1024;

  private final MemoryDisk disk = new MemoryDisk();

  @Test
  void whatWasAppendedIsThereAgain() throws IOException {
    Log log = new Log(disk, SEGMENT);
    log.append(promise(4, 1));
    log.append(vote(4, 1, "x"));
    log.append(promise(4, 2));
    log.append(vote(5, 3, "y"));
    log.journal.keep(decidedAsVoted(5, "y"));
    log.journal.keep(decided(6, "z"));
    log.journal.keep(new DoneMark(2, 1));
    log.append(new Registered(1, "m1", 9));
    log.settle();

    Recovered back = new Log(disk, SEGMENT).recovered();

    assertThat(log.durable).isEqualTo(5);
    assertThat(back.instances().get(4L).promised()).isEqualTo(Log.ballot(2));
    assertThat(back.instances().get(4L).vote())
        .hasValue(((DurableRecord.Voted) vote(4, 1, "x")).vote());
    assertThat(back.instances().get(5L).decided()).hasValue(Value.of("y"));
    assertThat(back.instances().get(6L).decided()).hasValue(Value.of("z"));
    assertThat(back.doneMark(2)).isEqualTo(1);
    assertThat(back.registered()).containsEntry(1, new Registered(1, "m1", 9));
    assertThat(back.max()).isEqualTo(6);
  }

  @Test
  void oneWriteAndOneSyncCarryWhatGatheredWhileTheOneBeforeRan() throws IOException {
    Log log = new Log(disk, 1 << 20);
    log.idle();
    int syncs = disk.syncs;
    int writes = disk.writes;

    log.append(vote(0, 1, "x"));
    log.ask();
    for (int i = 1; i < 64; i++) {
      log.append(vote(i, 1, "x"));
      log.ask();
    }
    log.worker.step();
    assertThat(log.durable).isEqualTo(1);
    log.worker.step();

    assertThat(log.durable).isEqualTo(64);
    assertThat(disk.syncs - syncs).isEqualTo(2);
    assertThat(disk.writes - writes).isEqualTo(2);
  }

  @Test
  void whatGathersWaitsAtTheWorkerSoThatTheDiskNeverStandsStill() throws IOException {
    Log log = new Log(disk, 1 << 20);
    log.idle();
    log.append(vote(0, 1, "x"));
    log.ask();
    log.append(vote(1, 1, "y"));
    log.ask();
    int syncs = disk.syncs;
    log.worker.performOnly();
    log.worker.performOnly();

    assertThat(log.durable).isZero();
    assertThat(disk.syncs - syncs).isEqualTo(2);
    log.append(vote(2, 1, "z"));
    log.settle();
    assertThat(log.durable).isEqualTo(3);
  }

  @Test
  void whatJoinsAWaitingBatchMayReachIntoTheNextSegments() throws IOException {
    Log log = new Log(disk, SEGMENT);
    log.idle();
    for (int i = 0; i < 50; i++) {
      log.append(vote(i, 1, "value " + i));
      log.ask();
    }
    log.worker.all();

    assertThat(log.durable).isEqualTo(50);
    assertThat(new Log(disk, SEGMENT).recovered().instances()).hasSize(50);
  }

  @Test
  void spareFilesAreMadeThoughRecordsNeverStop() throws IOException {
    Log log = new Log(disk, 1 << 14);
    for (int i = 0; i < 20; i++) {
      log.append(vote(i, 1, "x"));
      log.ask();
      log.append(vote(i, 2, "y"));
      log.ask();
      log.worker.step();
    }

    assertThat(disk.list()).filteredOn(Segments::isSpare).hasSize(Segments.SPARES);
  }

  @Test
  void aLogThatGoesOnUsesItsFilesAgainAndMakesNoMore() throws IOException {
    Log log = new Log(disk, 1 << 14);
    appendAndForget(log, 0, 2000);
    int creates = disk.creates;
    appendAndForget(log, 2000, 6000);

    // 40 bytes around each of two records: more than twenty segments.
    assertThat(disk.creates).isEqualTo(creates);
    assertThat(disk.list()).filteredOn(Segments::isSpare).hasSizeBetween(1, Segments.SPARES_KEPT);
  }

  /** With a floor that rises now and then, as after a snapshot, and seldom as a segment ends. */
  private static void appendAndForget(Log log, int from, int to) throws IOException {
    for (int i = from; i < to; i++) {
      log.append(vote(i, 1, "value"));
      log.append(new Floor(Math.max(0, (i / 50 - 5) * 50)));
      log.settle();
      log.journal.tick();
      log.worker.all();
    }
  }

  @Test
  void muchThatIsStillNeededIsNotCopiedForTheRoomOfTheRest() throws IOException {
    Log log = new Log(disk, 4 << 20);
    String large = "x".repeat(500_000);
    for (int i = 0; i < 12; i++) {
      log.append(vote(i, 1, large));
      log.idle();
    }
    // The first segment has eight of them, of which three are needed: less than half of it.
    log.append(new Floor(5));
    log.idle();
    assertThat(disk.list()).contains(SegmentHead.file(1));

    log.append(new Floor(7));
    log.idle();
    assertThat(disk.list()).doesNotContain(SegmentHead.file(1));
    assertThat(new Log(disk, 4 << 20).recovered().instances())
        .containsOnlyKeys(7L, 8L, 9L, 10L, 11L);
  }

  @Test
  void aNoteAsksForNoSyncAndRidesWithTheNext() throws IOException {
    Log log = new Log(disk, 1 << 20);
    log.idle();
    log.journal.keep(decided(3, "z"));
    log.journal.tick();
    assertThat(log.worker.isIdle()).isTrue();

    log.append(vote(4, 1, "x"));
    log.settle();

    assertThat(new Log(disk, SEGMENT).recovered().instances()).containsKey(3L);
  }

  @Test
  void notesAreWrittenUnaskedOnceTheyAreAMebibyte() throws IOException {
    Log log = new Log(disk, 1 << 24);
    log.idle();
    log.journal.keep(decided(0, "x".repeat((1 << 20) - 64)));
    assertThat(log.worker.isIdle()).isTrue();
    log.journal.keep(decided(1, ""));
    log.worker.all();
    assertThat(new Log(disk, 1 << 24).recovered().instances()).hasSize(2);
  }

  @Test
  void whatIsDurableIsToldAtOnceIfNothingIsToBeWritten() throws IOException {
    Log log = new Log(disk, 1 << 20);
    log.idle();
    List<Long> told = new ArrayList<>();
    log.journal.sync(told::add);
    assertThat(told).containsExactly(0L);
    assertThat(log.append(vote(0, 1, "x"))).isEqualTo(1);
    assertThat(log.append(vote(1, 1, "x"))).isEqualTo(2);
    long before = log.journal.durableTo();
    log.journal.sync(told::add);
    // Not before it is, however often somebody asks.
    log.journal.sync(told::add);
    assertThat(told).containsExactly(0L);
    log.worker.all();
    assertThat(told).contains(2L).doesNotContain(1L);
    assertThat(log.journal.durableTo()).isEqualTo(before + 2);
  }

  @Test
  void anIdleLogWritesItsNotesAndMarksItsEnd() throws IOException {
    Log log = new Log(disk, 1 << 20);
    log.append(vote(4, 1, "x"));
    log.settle();
    log.journal.keep(decidedAsVoted(4, "x"));
    log.idle();
    int syncs = disk.syncs;
    log.idle();

    assertThat(disk.syncs).isEqualTo(syncs);
    Recovery again = Recovery.open(disk, SEGMENT, 0);
    assertThat(again.recovered().instances().get(4L).decided()).isPresent();
    assertThat(again.lsn()).isEqualTo(4);
  }

  @Test
  void aRecordLargerThanASegmentGetsItsOwn() throws IOException {
    Log log = new Log(disk, SEGMENT);
    String large = "v".repeat(5 * SEGMENT);
    log.append(vote(1, 1, "small"));
    log.append(vote(2, 1, large));
    log.append(vote(3, 1, "small"));
    log.settle();

    Recovered back = new Log(disk, SEGMENT).recovered();

    assertThat(back.instances().get(2L).vote().orElseThrow().value()).isEqualTo(Value.of(large));
    assertThat(back.instances()).containsOnlyKeys(1L, 2L, 3L);
  }

  @Test
  void oldSegmentsGoAndWhatIsNeededOfThemStays() throws IOException {
    Log log = new Log(disk, SEGMENT);
    log.append(new Registered(2, "m2", 3));
    log.append(promise(1_000_000, 5));
    log.append(vote(2_000_000, 6, "keep"));
    for (int i = 0; i < 300; i++) {
      log.append(vote(i, 1, "value " + i));
      if (i % 10 == 9) {
        log.journal.keep(new DoneMark(1, i));
        log.append(new Floor(i - 5));
        log.settle();
      }
    }
    log.idle();
    assertThat(disk.list().stream().filter(SegmentHead::isSegment)).hasSizeLessThan(5);

    disk.crash(new SplittableRandom(1));
    Recovered back = new Log(disk, SEGMENT).recovered();

    assertThat(back.registered()).containsKey(2);
    assertThat(back.instances().get(1_000_000L).promised()).isEqualTo(Log.ballot(5));
    assertThat(back.instances().get(2_000_000L).vote()).isPresent();
    assertThat(back.floor()).isEqualTo(294);
    assertThat(back.instances()).hasSize(8);
    assertThat(back.doneMark(1)).isEqualTo(299);
  }

  @Test
  void aSnapshotLetsSegmentsGoThoughNotAllAreDone() throws IOException {
    Log log = new Log(disk, SEGMENT);
    for (int i = 0; i < 100; i++) {
      log.append(vote(i, 1, "value " + i));
    }
    log.settle();
    int before = disk.list().size();
    log.append(new SnapshotMark(98));
    log.settle();
    log.idle();

    assertThat(disk.list().size()).isLessThan(before / 2);
    Recovered back = new Log(disk, SEGMENT).recovered();
    assertThat(back.floor()).isEqualTo(99);
    assertThat(back.min()).isZero();
    assertThat(back.instances()).containsOnlyKeys(99L);
  }

  @Test
  void aFullDiskIsToldInTimeAndForgottenWhenThereIsSpace() throws IOException {
    Log log = new Log(disk, SEGMENT);
    log.idle();
    assertThat(log.journal.hasRoom()).isTrue();
    disk.capacity = 0;
    int seq = 0;
    while (log.journal.hasRoom()) {
      log.append(vote(seq++, 1, "value"));
      log.settle();
    }
    // What others agree on still finds room: a whole segment at least.
    for (int i = 0; i < 5; i++) {
      log.append(vote(seq++, 1, "value"));
      log.settle();
    }
    disk.capacity = 1 << 20;
    for (int i = 0; i < 200; i++) {
      log.journal.tick();
      log.worker.all();
    }

    assertThat(log.journal.hasRoom()).isTrue();
    assertThat(new Log(disk, SEGMENT).recovered().instances()).hasSize(seq);
  }

  @Test
  void aFullDiskEndsVotesBeforeTheLogIsHarmedAndCuttingTheLogMakesRoom() throws IOException {
    Log log = new Log(disk, SEGMENT);
    log.idle();
    disk.capacity = 0;
    int seq = 0;
    while (log.journal.hasRoomForVotes()) {
      log.append(vote(seq++, 1, "value"));
      log.settle();
    }
    assertThat(log.journal.hasRoom()).isFalse();
    for (int i = 0; i < 100; i++) {
      log.journal.keep(decided(seq + i, "can be learnt again"));
      log.settle();
    }
    log.journal.keep(new Floor(seq));
    log.settle();
    log.idle();

    assertThat(log.journal.hasRoomForVotes()).isTrue();
    assertThat(log.journal.hasRoom()).isTrue();
    assertThat(new Log(disk, SEGMENT).recovered().floor()).isEqualTo(seq);
  }

  @Test
  void rotInAColdSegmentIsMendedFromMemory() throws IOException {
    Log log = new Log(disk, SEGMENT);
    for (int i = 0; i < 100; i++) {
      log.append(vote(i, 1, "value " + i));
    }
    log.settle();
    disk.bytes(SegmentHead.file(2))[200] ^= 4;
    for (int i = 0; i < 20_000 && log.journal.mended() == 0; i++) {
      log.journal.tick();
      log.worker.all();
    }
    log.idle();

    assertThat(log.journal.mended()).isPositive();
    Recovery again = Recovery.open(disk, SEGMENT, 0);
    assertThat(again.findings()).isEmpty();
    assertThat(again.recovered().instances()).hasSize(100);
  }
}
