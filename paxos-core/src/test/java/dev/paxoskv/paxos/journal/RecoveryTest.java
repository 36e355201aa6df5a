package dev.paxoskv.paxos.journal;

import static dev.paxoskv.paxos.journal.Log.decided;
import static dev.paxoskv.paxos.journal.Log.promise;
import static dev.paxoskv.paxos.journal.Log.vote;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paxoskv.paxos.journal.format.Frame;
import dev.paxoskv.paxos.journal.format.Payloads;
import dev.paxoskv.paxos.journal.format.SegmentHead;
import dev.paxoskv.paxos.protocol.DurableRecord;
import dev.paxoskv.paxos.protocol.DurableRecord.DoneMark;
import dev.paxoskv.paxos.protocol.DurableRecord.Faulty;
import dev.paxoskv.paxos.protocol.DurableRecord.Floor;
import dev.paxoskv.paxos.protocol.DurableRecord.RangePromised;
import dev.paxoskv.paxos.protocol.DurableRecord.Registered;
import dev.paxoskv.paxos.protocol.DurableRecord.SnapshotMark;
import dev.paxoskv.paxos.protocol.Recovered;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Torn tails, rot, stale records, and crashes at any point. */
class RecoveryTest {
  private static final int SEGMENT = 2048;

  private static final List<DurableRecord> EACH_KIND = List.of(
      promise(1, 1),
      new RangePromised(Log.ballot(3)),
      vote(2, 2, "two"),
      decided(3, "three"),
      new DoneMark(1, 0),
      new Floor(1),
      new SnapshotMark(0),
      new Registered(2, "member", 4),
      new Faulty(9),
      vote(4, 4, "four"));

  @Test
  void everyFlippedBitOfEveryKindOfRecordIsFound() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    Log log = new Log(disk, SEGMENT);
    EACH_KIND.forEach(log::append);
    log.settle();
    log.idle();
    int used = (int) log.recovery.end().offset() + sizeOf(EACH_KIND);
    Recovered whole = Recovery.open(disk.copy(), SEGMENT, 0).recovered();
    int flips = 0;
    for (int at = 0; at < used; at++) {
      for (int bit = 0; bit < 8; bit++) {
        MemoryDisk rotten = disk.copy();
        rotten.bytes(SegmentHead.file(1))[at] ^= (byte) (1 << bit);
        assertFound(rotten, whole, at);
        flips++;
      }
    }
    System.out.println("bit flips found: " + flips + " of " + flips);
  }

  private static int sizeOf(List<DurableRecord> records) {
    return records.stream().mapToInt(RecoveryTest::sizeOf).sum();
  }

  /** A promise for all instances is there twice. */
  private static int sizeOf(DurableRecord record) {
    return Frame.bytes(Payloads.size(record)) * (record instanceof RangePromised ? 2 : 1);
  }

  /** Either it is not known what was lost, or what is left is true and the rest abstains. */
  private static void assertFound(MemoryDisk rotten, Recovered whole, int at) throws IOException {
    Recovery recovery;
    try {
      recovery = Recovery.open(rotten, SEGMENT, 0);
    } catch (LostDiskException e) {
      assertThat(e).hasMessageContaining("kv replace INDEX");
      assertThat(Inspect.describe(rotten)).as("flip at " + at).contains(e.getMessage());
      return;
    }
    assertThat(recovery.findings()).as("flip at " + at).isNotEmpty();
    whole.instances().forEach((seq, instance) -> {
      Recovered.Instance left = recovery.recovered().instances().get(seq);
      assertThat(left).as("instance " + seq + ", flip at " + at).isNotNull();
      boolean isSame = left.equals(instance);
      assertThat(isSame || left.isFaulty()).as("flip at " + at).isTrue();
    });
    assertThat(recovery.recovered().floor()).isEqualTo(whole.floor());
    assertThat(recovery.recovered().rangePromised()).isEqualTo(whole.rangePromised());
  }

  @Test
  void aTornTailIsCutAtWhateverPoint() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    Log log = new Log(disk, SEGMENT);
    log.append(vote(0, 1, "synced"));
    log.settle();
    int from = (int) Recovery.open(disk.copy(), SEGMENT, 0).end().offset();
    EACH_KIND.forEach(log::append);
    log.settle();
    int to = from + sizeOf(EACH_KIND);
    for (int cut = from; cut < to; cut++) {
      MemoryDisk torn = disk.copy();
      byte[] bytes = torn.bytes(SegmentHead.file(1));
      for (int i = cut; i < bytes.length; i++) {
        bytes[i] = 0x55;
      }
      Recovered left = Recovery.open(torn, SEGMENT, 0).recovered();
      int whole = 0;
      for (int end = from; whole < EACH_KIND.size(); whole++) {
        end += sizeOf(EACH_KIND.get(whole));
        if (end > cut) {
          break;
        }
      }
      List<DurableRecord> kept = new ArrayList<>(List.of(vote(0, 1, "synced")));
      kept.addAll(EACH_KIND.subList(0, whole));
      assertThat(left.instances()).isEqualTo(Recovered.of(kept).instances());
      // A second recovery finds the cut made and nothing more to say.
      assertThat(Recovery.open(torn, SEGMENT, 0).findings()).isEmpty();
    }
  }

  @Test
  void aRecordThatEndsInZerosIsWhole() throws IOException {
    for (int zeros = 0; zeros < SEGMENT / 2; zeros += 8) {
      MemoryDisk disk = new MemoryDisk();
      Log log = new Log(disk, SEGMENT);
      DurableRecord last = vote(1, 1, "a" + "\0".repeat(zeros));
      log.append(last);
      log.settle();
      Recovery again = Recovery.open(disk, SEGMENT, 0);
      assertThat(again.recovered().instances())
          .isEqualTo(Recovered.of(List.of(last)).instances());
      assertThat(again.findings()).isEmpty();
    }
  }

  @Test
  void aFileCutShortBelowWhatWasSyncedIsRotOrLostButNeverATornTail() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    Log log = new Log(disk, 512);
    for (int i = 0; i < 30; i++) {
      log.append(vote(i, 1, "value"));
      log.settle();
    }
    int size = disk.bytes(SegmentHead.file(2)).length;
    for (int cut = 0; cut < size - 100; cut++) {
      MemoryDisk shorter = disk.copy();
      shorter.truncate(SegmentHead.file(2), cut);
      try {
        Recovery recovery = Recovery.open(shorter, 512, 0);
        assertThat(recovery.findings()).isNotEmpty();
        assertThat(recovery.recovered().instances()).hasSize(30);
      } catch (LostDiskException e) {
        assertThat(e).hasMessageContaining("lost");
      }
    }
  }

  @Test
  void aPromiseForAllInstancesIsLostOnlyWithBothItsCopies() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    Log log = new Log(disk, SEGMENT);
    log.append(new RangePromised(Log.ballot(3)));
    log.settle();
    int from = SegmentHead.BYTES;
    int each = sizeOf(new RangePromised(Log.ballot(3))) / 2;
    // The power fails between the two copies, and the one that is left is answered for later.
    MemoryDisk torn = disk.copy();
    torn.bytes(SegmentHead.file(1))[from + each + 20] ^= 1;
    Log second = new Log(torn, SEGMENT);
    assertThat(second.recovered().rangePromised()).isEqualTo(Log.ballot(3));
    second.append(vote(1, 9, "later"));
    second.settle();
    second.idle();
    torn.bytes(SegmentHead.file(1))[from + 20] ^= 1;
    assertThatThrownBy(() -> Recovery.open(torn, SEGMENT, 0))
        .isInstanceOf(LostDiskException.class)
        .hasMessageContaining("promised for all instances");
  }

  @Test
  void aPromiseForAllInstancesSurvivesWhenItsSegmentGoes() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    Log log = new Log(disk, SEGMENT);
    log.append(new RangePromised(Log.ballot(3)));
    for (int i = 0; i < 100; i++) {
      log.append(vote(i, 1, "value"));
      log.append(new Floor(i));
      log.settle();
      log.idle();
    }
    assertThat(disk.list()).doesNotContain(SegmentHead.file(1));
    Recovered left = Recovery.open(disk, SEGMENT, 0).recovered();
    assertThat(left.rangePromised()).isEqualTo(Log.ballot(3));
  }

  @Test
  void rotBelowAMarkerIsNotCutThoughNothingElseFollows() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    Log log = new Log(disk, SEGMENT);
    log.append(vote(0, 1, "a"));
    log.append(vote(1, 1, "b"));
    log.settle();
    int end = (int) Recovery.open(disk.copy(), SEGMENT, 0).end().offset();
    MemoryDisk unmarked = disk.copy();
    unmarked.bytes(SegmentHead.file(1))[end - 10] ^= 1;
    assertThat(Recovery.open(unmarked, SEGMENT, 0).recovered().instances()).hasSize(1);

    log.idle();
    disk.bytes(SegmentHead.file(1))[end - 10] ^= 1;
    Recovered recovered = Recovery.open(disk, SEGMENT, 0).recovered();

    assertThat(recovered.instances().get(0L).isFaulty()).isFalse();
    assertThat(recovered.instances().get(1L).isFaulty()).isTrue();
  }

  @Test
  void aFaultOutlivesItsSegmentUntilTheDecisionIsKnown() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    Log log = new Log(disk, 512);
    log.append(vote(1000, 3, "lost"));
    for (int i = 0; i < 5; i++) {
      log.append(vote(i, 1, "value"));
    }
    log.settle();
    disk.bytes(SegmentHead.file(1))[SegmentHead.BYTES + 60] ^= 1;

    Log second = new Log(disk, 512);
    assertThat(second.recovered().instances().get(1000L).isFaulty()).isTrue();
    for (int i = 5; i < 60; i++) {
      second.append(vote(i, 1, "value"));
      second.append(new Floor(i));
      second.settle();
    }
    Log third = new Log(disk, 512);
    assertThat(third.recovery.findings()).isEmpty();
    assertThat(third.recovered().instances().get(1000L).isFaulty()).isTrue();
    third.journal.keep(decided(1000, "learnt"));
    third.idle();

    Recovered last = new Log(disk, 512).recovered();
    assertThat(last.instances().get(1000L).isFaulty()).isFalse();
    assertThat(last.instances().get(1000L).decided()).isPresent();
  }

  @Test
  void twoNeighboursLostAreALostDisk() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    Log log = new Log(disk, SEGMENT);
    EACH_KIND.forEach(log::append);
    log.settle();
    log.idle();
    byte[] bytes = disk.bytes(SegmentHead.file(1));
    bytes[SegmentHead.BYTES + 20] ^= 1;
    bytes[SegmentHead.BYTES + 20 + Frame.bytes(Payloads.size(EACH_KIND.get(0)))] ^= 1;

    assertThatThrownBy(() -> Recovery.open(disk, SEGMENT, 0))
        .isInstanceOf(LostDiskException.class)
        .hasMessageContaining("cannot be told")
        .hasMessageContaining("kv replace INDEX");
  }

  @Test
  void aMissingSegmentIsALostDisk() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    Log log = new Log(disk, 512);
    for (int i = 0; i < 30; i++) {
      log.append(vote(i, 1, "value"));
    }
    log.settle();
    disk.delete(SegmentHead.file(2));

    assertThatThrownBy(() -> Recovery.open(disk, 512, 0))
        .isInstanceOf(LostDiskException.class)
        .hasMessageContaining("missing");
  }

  /** Segments that the log itself threw away are not missed; one more than those is. */
  @Test
  void missingOldestSegmentsAreALostDisk() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    Log log = new Log(disk, 1024);
    int seq = 0;
    int losses = 0;
    for (int round = 0; round < 200; round++) {
      log.append(new Floor(Math.max(0, seq - 12)));
      log.append(vote(seq++, 1, "value"));
      log.settle();
      assertThat(Recovery.open(disk.copy(), 1024, 0).findings()).isEmpty();
      losses += assertMissed(disk);
    }
    assertThat(losses).isGreaterThan(20);
    assertThat(disk.list()).doesNotContain(SegmentHead.file(1));
  }

  /** Takes more and more from the front; returns how often. */
  private static int assertMissed(MemoryDisk disk) throws IOException {
    List<String> segments =
        disk.list().stream().filter(SegmentHead::isSegment).sorted().toList();
    MemoryDisk shorter = disk.copy();
    for (String file : segments.subList(0, segments.size() - 1)) {
      shorter.delete(file);
      assertThatThrownBy(() -> Recovery.open(shorter.copy(), 1024, 0))
          .as("without those up to %s", file)
          .isInstanceOf(LostDiskException.class)
          .hasMessageContaining("are missing");
      assertThat(Inspect.describe(shorter).toString()).contains("are missing");
    }
    return segments.size() - 1;
  }

  @Test
  void recordsOfARecycledFileAreNotTakenForNewOnes() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    Log log = new Log(disk, 512);
    for (int i = 0; i < 100; i++) {
      log.append(vote(i, 1, "value"));
      log.append(new Floor(i));
      log.settle();
    }
    Recovered back = new Log(disk, 512).recovered();

    assertThat(back.instances()).containsOnlyKeys(99L);
    assertThat(back.floor()).isEqualTo(99);
  }

  @Test
  void whatWasReportedDurableIsThereAfterAnyCrash() throws IOException {
    long crashes = 0;
    for (long seed = 1; seed <= 300; seed++) {
      crashes += new CrashRun(seed).perform();
    }
    System.out.println("seeds 1 to 300, crashes: " + crashes);
  }

  /** Random records, a crash at a random point, or amid a write, and again, on one disk. */
  private static final class CrashRun {
    private final long seed;
    private final SplittableRandom dice;
    private final MemoryDisk disk = new MemoryDisk();
    private final int segment;
    private final TreeMap<Long, DurableRecord> votes = new TreeMap<>();
    private final TreeMap<Long, DurableRecord> promises = new TreeMap<>();
    private long round;
    private long floor;

    CrashRun(long seed) {
      this.seed = seed;
      this.dice = new SplittableRandom(seed);
      this.segment = 256 << dice.nextInt(4);
    }

    int perform() throws IOException {
      int lives = 2 + dice.nextInt(6);
      for (int life = 0; life < lives; life++) {
        disk.changesLeft = dice.nextBoolean() ? dice.nextInt(80) : -1;
        try {
          Log log = new Log(disk, segment);
          check(log.recovered());
          live(log);
        } catch (MemoryDisk.PowerCut e) {
          // The start did not come to its end.
        }
        disk.crash(dice.split());
      }
      check(new Log(disk, segment).recovered());
      return lives;
    }

    private void live(Log log) {
      List<DurableRecord> appended = new ArrayList<>();
      try {
        int steps = dice.nextInt(200);
        for (int i = 0; i < steps; i++) {
          step(log, appended);
        }
      } catch (UncheckedIOException e) {
        assertThat(e).as("seed " + seed).hasCauseInstanceOf(MemoryDisk.PowerCut.class);
      }
      appended.subList(0, (int) log.durable).forEach(this::durable);
    }

    private void step(Log log, List<DurableRecord> appended) {
      int what = dice.nextInt(8);
      if (what == 0) {
        log.ask();
      } else if (what == 1 && !log.worker.isIdle()) {
        log.worker.step();
      } else if (what == 2 && log.worker.isWorking()) {
        log.worker.performOnly();
      } else if (what == 3) {
        log.journal.tick();
      } else if (what > 3) {
        DurableRecord record = record();
        appended.add(record);
        log.append(record);
      }
    }

    private DurableRecord record() {
      round++;
      long seq = floor + dice.nextInt(12);
      return switch (dice.nextInt(8)) {
        case 0 -> new Floor(floor += dice.nextInt(4));
        case 1, 2 -> promise(seq, round);
        default -> vote(seq, round, "v".repeat(dice.nextInt(60)));
      };
    }

    private void durable(DurableRecord record) {
      if (record instanceof Floor) {
        votes.headMap(record.seq()).clear();
        promises.headMap(record.seq()).clear();
      } else if (record instanceof DurableRecord.Voted) {
        votes.put(record.seq(), record);
      } else {
        promises.put(record.seq(), record);
      }
    }

    /** Later records that were not reported may be there too; they are above the others. */
    private void check(Recovered recovered) {
      votes.tailMap(recovered.floor()).forEach((seq, record) -> {
        DurableRecord.Voted voted = (DurableRecord.Voted) record;
        Recovered.Instance left = recovered.instances().get(seq);
        assertThat(left).as("seed " + seed + ", instance " + seq).isNotNull();
        assertThat(left.isFaulty()).as("seed " + seed).isFalse();
        assertThat(left.vote().orElseThrow().ballot().isAtLeast(voted.vote().ballot()))
            .as("seed " + seed + ", instance " + seq)
            .isTrue();
      });
      promises.tailMap(recovered.floor()).forEach((seq, record) -> {
        Recovered.Instance left = recovered.instances().get(seq);
        assertThat(left).as("seed " + seed + ", instance " + seq).isNotNull();
        assertThat(left.promised().isAtLeast(((DurableRecord.Promised) record).ballot()))
            .as("seed " + seed + ", instance " + seq)
            .isTrue();
      });
    }
  }
}
