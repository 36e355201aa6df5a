package dev.paxoskv.paxos.journal;

import static dev.paxoskv.paxos.journal.Log.decided;
import static dev.paxoskv.paxos.journal.Log.decidedAsVoted;
import static dev.paxoskv.paxos.journal.Log.promise;
import static dev.paxoskv.paxos.journal.Log.vote;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paxoskv.paxos.journal.LiveRecords.Wanted;
import dev.paxoskv.paxos.journal.format.SegmentHead;
import dev.paxoskv.paxos.protocol.DurableRecord;
import dev.paxoskv.paxos.protocol.DurableRecord.DoneMark;
import dev.paxoskv.paxos.protocol.DurableRecord.Faulty;
import dev.paxoskv.paxos.protocol.DurableRecord.Floor;
import dev.paxoskv.paxos.protocol.DurableRecord.RangePromised;
import dev.paxoskv.paxos.protocol.DurableRecord.Registered;
import dev.paxoskv.paxos.protocol.DurableRecord.SnapshotMark;
import dev.paxoskv.paxos.protocol.Recovered;
import dev.paxoskv.paxos.protocol.Value;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LiveRecordsTest {
  private final LiveRecords live = new LiveRecords();

  @Test
  void aNewVoteStandsForWhatIsOlder() {
    live.add(vote(7, 1, "x"), at(1));
    live.add(promise(7, 2), at(2));
    live.add(vote(7, 2, "x"), at(3));
    assertThat(live.instancesUpTo(2)).isEmpty();
  }

  @Test
  void aCopyOfAnOldVoteDoesNotStandForAHigherPromise() {
    live.add(vote(7, 1, "x"), at(1));
    live.add(promise(7, 2), at(2));
    // A crash has cut the copying off before the promise.
    live.add(vote(7, 1, "x"), at(3));
    assertThat(live.instancesUpTo(2)).containsExactly(7L);
  }

  @Test
  void aPromiseAboveAVoteIsCopiedBeforeIt() {
    live.add(vote(7, 1, "x"), at(1));
    live.add(promise(7, 2), at(1));
    assertThat(live.recordsOf(7)).containsExactly(promise(7, 2), vote(7, 1, "x"));
  }

  @Test
  void aDirectoryThatHasLostItsLogIsNotAnEmptyOne() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    Log log = new Log(disk, 1024);
    log.append(vote(1, 1, "x"));
    log.settle();
    log.idle();
    for (String file : disk.list()) {
      if (SegmentHead.isSegment(file)) {
        disk.delete(file);
      }
    }
    assertThatThrownBy(() -> Recovery.open(disk, 1024, 0))
        .isInstanceOf(LostDiskException.class)
        .hasMessageContaining("the log is gone");
  }

  @Test
  void aFaultIsNeededAsARecordIsThoughItWasReadFromTheLog() {
    live.add(new Faulty(7), at(1));
    assertThat(live.instancesUpTo(1)).containsExactly(7L);
    assertThat(live.recordsOf(7)).containsExactly(new Faulty(7));
    live.add(decided(7, "x"), at(2));
    live.damage(7, Recovered.Damage.VOTE, 3);
    assertThat(live.recordsOf(7)).containsExactly(decided(7, "x"));
  }

  @Test
  void aDecisionIsNeededThoughAVoteCameAfterIt() {
    live.add(vote(7, 1, "x"), at(1));
    live.add(decidedAsVoted(7, "x"), at(2));
    live.add(vote(7, 2, "x"), at(3));
    assertThat(live.instancesUpTo(2)).containsExactly(7L);
  }

  @Test
  void whatIsBelowTheFloorIsNotNeeded() {
    live.add(vote(8, 1, "x"), at(1));
    live.add(vote(9, 1, "x"), at(1));
    long each = live.bytesIn(1) / 2;
    live.add(new Floor(9), at(1));
    live.add(decided(8, "x"), at(2));
    assertThat(live.instancesUpTo(2)).containsExactly(9L);
    assertThat(live.bytesIn(1)).isEqualTo(each);
    assertThat(live.bytesIn(2)).isZero();
  }

  @Test
  void whatIsAboutNoInstanceIsCopiedWhole() {
    List<DurableRecord> marks = List.of(
        new DoneMark(1, 4),
        new DoneMark(2, 5),
        new Registered(2, "m2", 3),
        new RangePromised(Log.ballot(3)),
        new Floor(3),
        new SnapshotMark(4));
    assertThat(live.marks()).containsExactly(new Floor(0), new SnapshotMark(-1));
    marks.forEach(mark -> live.add(mark, at(1)));
    assertThat(live.marks()).containsExactlyElementsOf(marks);
  }

  /** Copying was cut off by a crash: older records stand behind those that count. */
  @Test
  void aValueIsReadWhereTheRecordThatCountsStands() {
    live.add(vote(7, 2, "new"), at(1));
    live.add(vote(7, 1, "old"), at(2));
    live.add(decidedAsVoted(7, "new"), at(2));
    live.add(vote(8, 1, "mine"), at(3));
    live.add(decided(8, "decided"), at(4));
    live.add(vote(8, 1, "mine"), at(5));
    assertThat(live.spill(7, 1)).isTrue();
    assertThat(live.spill(8, 4)).isTrue();
    assertThat(live.wanted(7, 8, 1000, 10))
        .containsExactly(new Wanted(7, at(1)), new Wanted(8, at(4)));
  }

  @Test
  void whatIsWrittenAgainIsReadAtItsNewPlace() {
    List<DurableRecord> both = List.of(vote(7, 1, "mine"), decided(7, "decided"));
    both.forEach(record -> live.add(record, at(1)));
    live.moved(7, both, List.of(at(2), at(3)));
    List<DurableRecord> asVoted = List.of(vote(8, 1, "x"), decidedAsVoted(8, "x"));
    asVoted.forEach(record -> live.add(record, at(1)));
    live.moved(8, asVoted, List.of(at(4), at(5)));
    assertThat(live.instancesUpTo(1)).isEmpty();
    assertThat(live.spill(7, 9)).isTrue();
    assertThat(live.spill(8, 9)).isTrue();
    assertThat(live.wanted(7, 8, 1000, 10))
        .containsExactly(new Wanted(7, at(3)), new Wanted(8, at(4)));
  }

  @Test
  void oneReadingIsOfBoundedSizeButHasOneValueAtLeast() {
    spilled(0, 10);
    assertThat(live.wanted(2, 9, 1, 10)).extracting(Wanted::seq).containsExactly(2L);
    assertThat(live.wanted(2, 9, 128, 10)).extracting(Wanted::seq).containsExactly(2L, 3L);
    assertThat(live.wanted(2, 9, 191, 10)).extracting(Wanted::seq).containsExactly(2L, 3L);
    assertThat(live.wanted(2, 9, 1000, 3)).extracting(Wanted::seq).containsExactly(2L, 3L, 4L);
    assertThat(live.wanted(8, 99, 1000, 10)).extracting(Wanted::seq).containsExactly(8L, 9L);
    live.add(decided(10, "in memory"), at(1));
    assertThat(live.wanted(10, 99, 1000, 10)).isEmpty();
  }

  @Test
  void theLowestDecidedValuesLeaveMemoryUntilTheRestWeighsLittleEnough() {
    for (long seq = 0; seq < 10; seq++) {
      live.add(decided(seq, "x"), at(1));
    }
    live.add(vote(10, 1, "undecided"), at(1));
    long each = LiveRecords.weight(Optional.of(Value.of("x")));
    live.spillDownTo(10 * each);
    assertThat(live.state().spilled().isEmpty()).isTrue();
    live.spillDownTo(7 * each - 1);
    assertThat(live.state().instances().keySet()).containsExactly(4L, 5L, 6L, 7L, 8L, 9L, 10L);
  }

  @Test
  void aValueThatCannotBeReadToBeCopiedIsAFaultToBeCopied() {
    live.add(decided(3, "in memory"), at(1));
    spilled(0, 3);
    List<Wanted> wanted = live.wantedUpTo(1);
    assertThat(wanted).extracting(Wanted::seq).containsExactly(0L, 1L, 2L);
    live.moved(2, List.of(decided(2, "2")), List.of(at(2)));
    live.moved(3, List.of(decided(3, "in memory")), List.of(at(3)));
    live.recalled(wanted, Map.of(0L, Value.of("0")));
    assertThat(live.recordsOf(0)).containsExactly(decided(0, "0"));
    assertThat(live.recordsOf(1)).containsExactly(new Faulty(1));
    assertThat(live.wantedUpTo(1)).isEmpty();
    assertThat(live.instancesUpTo(1)).containsExactly(0L, 1L);
    assertThat(live.bytesIn(1)).isEqualTo(64 + 48);
    // What was copied meanwhile is not lost with its old place.
    assertThat(live.wantedUpTo(2)).containsExactly(new Wanted(2, at(2)));
    live.add(new Floor(4), at(3));
    assertThat(live.bytesIn(1)).isZero();
    assertThat(live.bytesIn(2)).isZero();
  }

  @Test
  void whatWasSpilledIsNotDamagedByTheLossOfAnotherRecord() {
    spilled(0, 1);
    live.damage(0, Recovered.Damage.VOTE, 2);
    assertThat(live.isAt(new Wanted(0, at(1)))).isTrue();
  }

  private void spilled(long from, long to) {
    for (long seq = from; seq < to; seq++) {
      live.add(decided(seq, "" + seq), at(1));
      assertThat(live.spill(seq, 1)).isTrue();
    }
  }

  private static LiveRecords.Spot at(long segment) {
    return new LiveRecords.Spot(segment, 0, 64, segment);
  }
}
