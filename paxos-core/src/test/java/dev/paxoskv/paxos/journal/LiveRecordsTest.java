package dev.paxoskv.paxos.journal;

import static dev.paxoskv.paxos.journal.Log.promise;
import static dev.paxoskv.paxos.journal.Log.vote;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paxoskv.paxos.journal.format.SegmentHead;
import java.io.IOException;
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

  private static LiveRecords.Spot at(long segment) {
    return new LiveRecords.Spot(segment, 0, 64, segment);
  }
}
