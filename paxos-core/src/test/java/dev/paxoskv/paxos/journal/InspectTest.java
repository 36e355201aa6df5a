package dev.paxoskv.paxos.journal;

import static dev.paxoskv.paxos.journal.Log.decided;
import static dev.paxoskv.paxos.journal.Log.decidedAsVoted;
import static dev.paxoskv.paxos.journal.Log.vote;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.paxos.journal.format.SegmentHead;
import dev.paxoskv.paxos.protocol.DurableRecord.Registered;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class InspectTest {
  private final MemoryDisk disk = new MemoryDisk();

  @Test
  void aDirectoryWithoutALogHasNone() throws IOException {
    disk.create("identity", 10);
    assertThat(Inspect.describe(disk)).containsExactly("no log");
  }

  @Test
  void whatIsThereIsCountedSegmentBySegment() throws IOException {
    Log log = new Log(disk, 512);
    log.append(new Registered(2, "m2", 3));
    log.append(vote(0, 1, "x"));
    log.append(vote(1, 1, "x"));
    log.journal.keep(decidedAsVoted(1, "x"));
    log.append(vote(2, 1, "x"));
    log.journal.keep(decided(3, "y"));
    log.settle();
    int lost = SegmentHead.BYTES + 64;
    disk.bytes(SegmentHead.file(1))[lost + 50] ^= 1;
    log.idle();

    assertThat(Inspect.describe(disk))
        .containsExactly(
            "log-0000000000000001: {SEGMENT_HEAD=1, ACCEPT=2, DECIDED=1, REGISTERED=1}",
            "log-0000000000000002: {SEGMENT_HEAD=1, DECIDED=1, SYNCED=1}",
            "rot: log position 3 (log-0000000000000001 at byte 176) was ACCEPT 0",
            "log position 9, byte 216 of log-0000000000000002",
            "min 0, max 3, snapshot up to -1, promised everywhere none, done marks {}",
            "4 instances, 2 with a vote, 2 decided",
            "peer 2 is member m2, incarnation 3",
            "faulty instances, whose vote is lost: [0]");
  }
}
