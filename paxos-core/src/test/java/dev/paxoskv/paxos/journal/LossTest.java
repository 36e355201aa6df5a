package dev.paxoskv.paxos.journal;

import static dev.paxoskv.paxos.journal.Log.decided;
import static dev.paxoskv.paxos.journal.Log.decidedAsVoted;
import static dev.paxoskv.paxos.journal.Log.vote;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paxoskv.paxos.journal.format.Frame;
import dev.paxoskv.paxos.journal.format.SegmentHead;
import dev.paxoskv.paxos.protocol.DurableRecord;
import dev.paxoskv.paxos.protocol.DurableRecord.Floor;
import dev.paxoskv.paxos.protocol.DurableRecord.RangePromised;
import dev.paxoskv.paxos.protocol.DurableRecord.Registered;
import dev.paxoskv.paxos.protocol.DurableRecord.SnapshotMark;
import dev.paxoskv.paxos.protocol.Recovered;
import dev.paxoskv.paxos.protocol.Recovered.Damage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What one record that cannot be read any more takes with it, and what makes it good. */
class LossTest {
  private static final int SEGMENT = 2048;
  private static final DurableRecord MEMBER = new Registered(2, "m2", 3);
  private static final DurableRecord RANGE_3 = new RangePromised(Log.ballot(3));
  private static final DurableRecord RANGE_4 = new RangePromised(Log.ballot(4));

  @Test
  void aLostRegistrationIsMadeGoodByALaterOneOfThatPeerOnly() throws IOException {
    Log log = synced(vote(0, 1, "x"), MEMBER, vote(2, 1, "x"), new Registered(1, "m1", 1));
    rot(log.disk, 1, 2);
    assertThatThrownBy(() -> open(log.disk))
        .isInstanceOf(LostDiskException.class)
        .hasMessageContaining("which member it took for peer [2]");
    Log other = synced(MEMBER, new Registered(2, "m2", 4));
    rot(other.disk, 1, 1);
    assertThat(open(other.disk).registered()).containsEntry(2, new Registered(2, "m2", 4));
  }

  @Test
  void eitherCopyOfAPromiseForAllInstancesIsEnough() throws IOException {
    for (int copy = 1; copy <= 4; copy++) {
      MemoryDisk each = synced(RANGE_3, RANGE_4, vote(0, 5, "x")).disk;
      rot(each, 1, copy);
      assertThat(open(each).rangePromised()).isEqualTo(Log.ballot(4));
    }
  }

  @Test
  void aHigherPromiseThatIsLostIsNotTakenForACopyOfTheOneBefore() throws IOException {
    MemoryDisk torn = tornBetweenCopies();
    rot(torn, 1, 3);
    assertThatThrownBy(() -> open(torn))
        .isInstanceOf(LostDiskException.class)
        .hasMessageContaining("promised for all instances");
  }

  @Test
  void theNextSegmentSaysWhatWasPromisedForAllInstances() throws IOException {
    MemoryDisk torn = tornBetweenCopies();
    Log log = new Log(torn, SEGMENT);
    log.append(vote(1, 5, "x".repeat(SEGMENT)));
    log.settle();
    rot(torn, 1, 3);
    assertThat(open(torn).rangePromised()).isEqualTo(Log.ballot(4));
  }

  /** One copy of the second promise is on the disk, and what was answered for later. */
  private MemoryDisk tornBetweenCopies() throws IOException {
    MemoryDisk torn = synced(RANGE_3, RANGE_4).disk;
    zero(torn, 1, 4);
    zero(torn, 1, 5);
    Log log = new Log(torn, SEGMENT);
    assertThat(log.recovered().rangePromised()).isEqualTo(Log.ballot(4));
    log.append(vote(0, 5, "x".repeat(SEGMENT / 2)));
    log.settle();
    log.idle();
    return torn;
  }

  @Test
  void aLostFloorIsKnownByTheRecordBehindIt() throws IOException {
    MemoryDisk floor = synced(new Floor(5), vote(7, 1, "x")).disk;
    rot(floor, 1, 1);
    assertThat(open(floor).min()).isEqualTo(5);
    MemoryDisk snapshot = synced(new SnapshotMark(6), vote(7, 1, "x")).disk;
    rot(snapshot, 1, 1);
    assertThat(open(snapshot).snapshot()).isEqualTo(6);
  }

  @Test
  void aLostDecisionLeavesTheVoteAndMayHaveMendedOne() throws IOException {
    MemoryDisk each =
        synced(vote(1, 1, "x"), decidedAsVoted(1, "x"), decided(2, "y"), vote(3, 1, "x")).disk;
    MemoryDisk voted = each.copy();
    rot(voted, 1, 2);
    Recovered.Instance left = open(voted).instances().get(1L);
    assertThat(left.damage()).isEqualTo(Damage.PROMISE);
    assertThat(left.vote()).isPresent();
    rot(each, 1, 3);
    assertThat(open(each).instances().get(2L).damage()).isEqualTo(Damage.VOTE);
  }

  @Test
  void whatWasThrownAwayIsNotMissedThoughTheRecordOfThatIsLost() throws IOException {
    Log log = withoutOldest();
    MemoryDisk rotten = log.disk;
    long first = firstSegment(rotten);
    // The newest such record: nothing else names this segment.
    int lost = -1;
    long in = 0;
    for (String file : rotten.list()) {
      for (int n = 0; SegmentHead.isSegment(file) && at(rotten, file, n) >= 0; n++) {
        byte type = rotten.bytes(file)[at(rotten, file, n) + 12];
        if (type == Frame.Type.OLDEST_SEGMENT.number()) {
          lost = n;
          in = SegmentHead.number(file);
        }
      }
    }
    rot(rotten, in, lost);
    assertThat(first).isGreaterThan(1);
    assertThat(open(rotten).floor()).isEqualTo(log.recovered().floor());
    rotten.delete(SegmentHead.file(first));
    assertThatThrownBy(() -> open(rotten)).hasMessageContaining("are missing");
  }

  @Test
  void theHeadOfTheOldestSegmentCanBeSpared() throws IOException {
    MemoryDisk rotten = withoutOldest().disk;
    Recovered whole = open(rotten.copy());
    long first = firstSegment(rotten);
    rot(rotten, first, 0);
    Recovery recovery = Recovery.open(rotten, SEGMENT, 0);
    assertThat(recovery.recovered().instances()).isEqualTo(whole.instances());
    assertThat(recovery.findings()).hasSize(1);
    assertThat(recovery.findings().get(0)).endsWith("was SEGMENT_HEAD " + first);
    rot(rotten, first, 1);
    assertThatThrownBy(() -> open(rotten)).hasMessageContaining("cannot be told");
  }

  @Test
  void aHeadIsNotSparedIfMoreWasLostWithIt() throws IOException {
    MemoryDisk first = new MemoryDisk();
    Log log = new Log(first, SEGMENT);
    // The last one's record is named by the number that the segment has, too.
    for (int seq : new int[] {7, 1, 2}) {
      log.append(vote(seq, 1, "x"));
    }
    for (int i = 10; i < 100; i++) {
      log.append(vote(i, 1, "x"));
    }
    log.settle();
    MemoryDisk second = first.copy();
    for (int record = 0; record < 3; record++) {
      rot(first, 1, record);
    }
    assertThatThrownBy(() -> open(first)).hasMessageContaining("cannot be told");
    Arrays.fill(second.bytes(SegmentHead.file(1)), (byte) 0);
    rot(second, 2, 0);
    assertThatThrownBy(() -> open(second)).hasMessageContaining("cannot be told");
  }

  private static long firstSegment(MemoryDisk disk) {
    return disk.list().stream()
        .filter(SegmentHead::isSegment)
        .mapToLong(SegmentHead::number)
        .min()
        .orElseThrow();
  }

  private Log withoutOldest() throws IOException {
    Log log = new Log(new MemoryDisk(), SEGMENT);
    for (int i = 0; i < 100; i++) {
      log.append(vote(i, 1, "value"));
      log.append(new Floor(Math.max(0, i - 20)));
      log.settle();
    }
    log.idle();
    return log;
  }

  @Test
  void ofSeveralLostRecordsThePositionsAreTold() throws IOException {
    MemoryDisk each = synced(vote(0, 1, "x"), vote(1, 1, "x"), vote(2, 1, "x")).disk;
    rot(each, 1, 1);
    rot(each, 1, 2);
    assertThatThrownBy(() -> open(each))
        .hasMessageContaining("log positions 2 to 3 cannot be read (log-0000000000000001 at byte ");
  }

  /** The second of three records written together is torn: nobody was told of any of them. */
  @Test
  void whatStandsBehindATornRecordIsCutOffWithIt() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    Log log = new Log(disk, SEGMENT);
    log.append(vote(0, 1, "synced"));
    log.settle();
    log.append(vote(1, 1, "x"));
    log.append(vote(2, 1, "y"));
    log.append(vote(3, 1, "z"));
    log.settle();
    rot(disk, 1, 3);
    Recovery recovery = Recovery.open(disk, SEGMENT, 0);
    assertThat(recovery.recovered().instances()).containsOnlyKeys(0L, 1L);
    assertThat(recovery.findings())
        .containsExactly(
            "torn tail cut off: log-0000000000000001 at byte 272, behind log position 3");
  }

  @Test
  void aRecordThatIsTornIsReportedThoughNothingStandsBehindIt() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    Log log = new Log(disk, SEGMENT);
    log.append(vote(0, 1, "x"));
    log.settle();
    rot(disk, 1, 1);
    disk.bytes(SegmentHead.file(1))[SegmentHead.BYTES + 17] ^= 1;
    disk.bytes(SegmentHead.file(1))[SegmentHead.BYTES + 60] ^= 1;
    assertThat(Recovery.open(disk, SEGMENT, 0).findings())
        .containsExactly(
            "torn tail cut off: log-0000000000000001 at byte 112, behind log position 1");
    assertThat(Recovery.open(disk, SEGMENT, 0).findings()).isEmpty();
  }

  private Log synced(DurableRecord... records) throws IOException {
    Log log = new Log(new MemoryDisk(), SEGMENT);
    List.of(records).forEach(log::append);
    log.settle();
    log.idle();
    return log;
  }

  private static Recovered open(MemoryDisk disk) throws IOException {
    return Recovery.open(disk, SEGMENT, 0).recovered();
  }

  /** Where the record {@code n} of a segment begins; -1 if there is none. */
  private static int at(MemoryDisk disk, String file, int n) throws IOException {
    byte[] bytes = disk.bytes(file);
    int at = 0;
    for (int i = 0; i <= n; i++) {
      int length = length(bytes, at);
      if (length == 0) {
        return -1;
      }
      at += i < n ? length : 0;
    }
    return at;
  }

  private static int length(byte[] bytes, int at) {
    return at + 4 > bytes.length ? 0 : ByteBuffer.wrap(bytes).getInt(at);
  }

  private static void rot(MemoryDisk disk, long segment, int n) throws IOException {
    String file = SegmentHead.file(segment);
    disk.bytes(file)[at(disk, file, n) + 17] ^= 1;
  }

  private static void zero(MemoryDisk disk, long segment, int n) throws IOException {
    String file = SegmentHead.file(segment);
    byte[] bytes = disk.bytes(file);
    int at = at(disk, file, n);
    for (int i = 0; i < length(bytes, at); i++) {
      // The length stays, so that the next one is found.
      bytes[at + i] = i < 4 ? bytes[at + i] : 0;
    }
  }
}
