package dev.paxoskv.paxos.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.DurableRecord.Floor;
import dev.paxoskv.paxos.protocol.DurableRecord.Promised;
import dev.paxoskv.paxos.protocol.DurableRecord.Voted;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.paxos.protocol.Vote;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Positions without gaps, the newest records only, and nothing below the floor. */
class MemoryJournalTest {
  private static final Vote LOW = new Vote(new Ballot(1, 0, 1), Value.of("x"));
  private static final Vote HIGH = new Vote(new Ballot(2, 0, 1), Value.of("y"));

  private final MemoryJournal journal = new MemoryJournal();

  @Test
  void countsFromOneAndCallsEverythingDurableAtOnce() {
    List<Long> durable = new ArrayList<>();
    journal.sync(durable::add);
    assertThat(journal.append(new Promised(4, LOW.ballot()))).isEqualTo(1);
    assertThat(journal.append(new Voted(4, LOW))).isEqualTo(2);
    assertThat(journal.append(new Floor(1))).isEqualTo(3);
    journal.sync(durable::add);
    assertThat(durable).containsExactly(0L, 3L);
  }

  @Test
  void keepsTheNewestPromiseAndTheNewestVoteOfEachInstance() {
    journal.append(new Promised(4, LOW.ballot()));
    journal.append(new Voted(4, LOW));
    journal.append(new Promised(4, HIGH.ballot()));
    journal.append(new Voted(3, LOW));
    journal.append(new Voted(3, HIGH));
    assertThat(journal.records())
        .isEqualTo(List.of(new Promised(4, HIGH.ballot()), new Voted(3, HIGH), new Voted(4, LOW)));
  }

  @Test
  void aFloorFreesWhatIsBelowAndKeepsWhatIsAtIt() {
    for (int seq = 0; seq < 5; seq++) {
      journal.append(new Promised(seq, LOW.ballot()));
      journal.append(new Voted(seq, LOW));
    }
    journal.append(new Floor(4));
    assertThat(journal.records())
        .isEqualTo(List.of(new Promised(4, LOW.ballot()), new Voted(4, LOW)));
    journal.append(new Floor(5));
    assertThat(journal.records()).isEmpty();
  }
}
