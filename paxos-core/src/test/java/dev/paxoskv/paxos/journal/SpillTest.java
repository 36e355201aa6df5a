package dev.paxoskv.paxos.journal;

import static dev.paxoskv.paxos.journal.Log.decided;
import static dev.paxoskv.paxos.journal.Log.decidedAsVoted;
import static dev.paxoskv.paxos.journal.Log.vote;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.paxos.host.Journal.Found;
import dev.paxoskv.paxos.journal.format.SegmentHead;
import dev.paxoskv.paxos.protocol.DurableRecord.Floor;
import dev.paxoskv.paxos.protocol.Recovered;
import dev.paxoskv.paxos.protocol.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Values that are in the log alone. */
class SpillTest {
  private static final int SEGMENT = 1024;

  private final MemoryDisk disk = new MemoryDisk();

  @Test
  void whatWasSpilledIsReadFromTheLog() throws IOException {
    Log log = filled(10);
    for (long seq = 0; seq < 10; seq++) {
      assertThat(log.journal.spill(seq)).isTrue();
    }
    assertThat(log.recovered().instances()).isEmpty();
    assertThat(read(log, 2, 5).values().keySet()).containsExactly(2L, 3L, 4L, 5L);
    assertThat(read(log, 0, Long.MAX_VALUE).values())
        .hasSize(10)
        .containsEntry(7L, Value.of("value 7"));
  }

  @Test
  void whatIsNotDurableOrNotDecidedIsNotSpilled() throws IOException {
    Log log = new Log(disk, SEGMENT);
    log.append(vote(0, 1, "x"));
    log.settle();
    assertThat(log.journal.spill(0)).isFalse();
    log.journal.keep(decidedAsVoted(0, "x"));
    // Of the decision nobody need know after a crash: the vote is there.
    assertThat(log.journal.spill(0)).isTrue();
    log.append(vote(1, 1, "y"));
    log.journal.keep(decidedAsVoted(1, "y"));
    assertThat(log.journal.spill(1)).isFalse();
    assertThat(log.journal.spill(2)).isFalse();
  }

  @Test
  void theValueThatCountsIsTheDecidedOne() throws IOException {
    Log log = new Log(disk, SEGMENT);
    log.append(vote(0, 1, "mine"));
    log.journal.keep(decided(0, "decided"));
    log.append(vote(1, 1, "early"));
    log.append(vote(1, 2, "late"));
    log.journal.keep(decidedAsVoted(1, "late"));
    log.settle();
    assertThat(log.journal.spill(0)).isTrue();
    assertThat(log.journal.spill(1)).isTrue();
    assertThat(read(log, 0, 1).values())
        .containsEntry(0L, Value.of("decided"))
        .containsEntry(1L, Value.of("late"));
  }

  @Test
  void aSegmentGoesOnlyOnceSpilledValuesInItAreElsewhere() throws IOException {
    Log log = filled(40);
    log.journal.spill(0);
    log.journal.spill(1);
    // All but the first two and the last are forgotten.
    for (long seq = 2; seq < 39; seq++) {
      assertThat(log.journal.spill(seq)).isTrue();
    }
    String oldest = SegmentHead.file(1);
    assertThat(disk.list()).contains(oldest);
    log.append(vote(40, 1, "x".repeat(900)));
    log.settle();
    for (int i = 0; i < 200; i++) {
      log.journal.tick();
      log.worker.all();
    }
    Recovered back = new Log(disk, SEGMENT).recovered();
    for (long seq = 0; seq < 39; seq++) {
      assertThat(back.instances().get(seq).decided()).hasValue(Value.of("value " + seq));
      assertThat(read(log, seq, seq).values()).containsEntry(seq, Value.of("value " + seq));
    }
  }

  @Test
  void aValueThatIsStillNeededIsCopiedOutOfAnOldSegmentThoughItWasSpilled() throws IOException {
    Log log = filled(40);
    for (long seq = 0; seq < 40; seq++) {
      log.journal.spill(seq);
    }
    String oldest = SegmentHead.file(1);
    assertThat(disk.list()).contains(oldest);
    log.append(new Floor(3));
    log.settle();
    for (int i = 0; i < 200; i++) {
      log.journal.tick();
      log.worker.all();
    }
    assertThat(disk.list()).doesNotContain(oldest);
    for (long seq = 3; seq < 40; seq++) {
      assertThat(read(log, seq, seq).values()).containsEntry(seq, Value.of("value " + seq));
    }
    assertThat(new Log(disk, SEGMENT).recovered().instances().keySet()).contains(3L, 39L);
  }

  /** It is laid out and not on the disk: not to be taken for lost. */
  @Test
  void whatIsBeingCopiedIsNotReadBeforeItIsDurable() throws IOException {
    Log log = filled(40);
    for (long seq = 0; seq < 40; seq++) {
      log.journal.spill(seq);
    }
    log.append(new Floor(3));
    log.ask();
    int seen = 0;
    for (int i = 0; i < 200; i++) {
      log.journal.tick();
      for (long seq = 3; seq < 10; seq++) {
        Found found = read(log, seq, seq);
        assertThat(found.lost()).isEmpty();
        seen += found.values().size();
      }
      if (!log.worker.isIdle()) {
        log.worker.step();
      }
    }
    assertThat(seen).isBetween(7 * 190, 7 * 200 - 1);
  }

  @Test
  void whatTheMediumHasLostIsSaidToBeLost() throws IOException {
    Log log = filled(10);
    for (long seq = 0; seq < 10; seq++) {
      log.journal.spill(seq);
    }
    byte[] segment = disk.bytes(SegmentHead.file(1));
    segment[new String(segment, ISO_8859_1).indexOf("value 3")] ^= 1;
    List<Long> lost = new ArrayList<>();
    for (long seq = 0; seq < 10; seq++) {
      Found found = read(log, seq, seq);
      lost.addAll(found.lost());
      assertThat(found.values().size() + found.lost().size()).isEqualTo(1);
    }
    assertThat(lost).hasSize(1);
    assertThat(log.recovered().instances().get(lost.get(0)).isFaulty()).isTrue();
    assertThat(read(log, lost.get(0), lost.get(0)).values()).isEmpty();
  }

  @Test
  void aSegmentThatIsThrownAwayMeanwhileLosesNothing() throws IOException {
    Log log = filled(10);
    for (long seq = 0; seq < 10; seq++) {
      log.journal.spill(seq);
    }
    List<Found> answers = new ArrayList<>();
    log.journal.read(0, 9, answers::add);
    log.append(new Floor(10));
    log.append(vote(10, 1, "x".repeat(900)));
    log.append(vote(11, 1, "x".repeat(900)));
    log.settle();
    for (int i = 0; i < 200; i++) {
      log.journal.tick();
      log.worker.all();
    }
    assertThat(disk.list()).doesNotContain(SegmentHead.file(1));
    log.reader.all();
    assertThat(answers).hasSize(1);
    assertThat(answers.get(0).values()).isEmpty();
    assertThat(answers.get(0).lost()).isEmpty();
  }

  @Test
  void aStartHoldsNoMoreInMemoryThanItShould() throws IOException {
    filled(1000);
    Log again = new Log(disk, SEGMENT, 10_000);
    Recovered back = again.recovered();
    assertThat(back.spilled().count() + back.instances().size()).isEqualTo(1000);
    assertThat(back.instances().size()).isLessThan(50);
    assertThat(back.spilled().has(0)).isTrue();
    assertThat(back.spilled().has(999)).isFalse();
    assertThat(back.max()).isEqualTo(999);
    assertThat(read(again, 500, 500).values()).containsEntry(500L, Value.of("value 500"));
  }

  private Log filled(int instances) throws IOException {
    Log log = new Log(disk, SEGMENT);
    for (long seq = 0; seq < instances; seq++) {
      log.append(vote(seq, 1, "value " + seq));
      log.journal.keep(decidedAsVoted(seq, "value " + seq));
    }
    log.settle();
    return log;
  }

  private static Found read(Log log, long first, long last) {
    List<Found> answers = new ArrayList<>();
    log.journal.read(first, last, answers::add);
    log.reader.all();
    assertThat(answers).hasSize(1);
    return answers.get(0);
  }
}
