package dev.paxoskv.paxos.protocol.roles;

import static dev.paxoskv.paxos.protocol.roles.Words.X;
import static dev.paxoskv.paxos.protocol.roles.Words.Y;
import static dev.paxoskv.paxos.protocol.roles.Words.decide;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paxoskv.paxos.protocol.DurableRecord;
import dev.paxoskv.paxos.protocol.Invariants.InvariantViolation;
import dev.paxoskv.paxos.protocol.Message.Entry;
import dev.paxoskv.paxos.protocol.Message.Fetch;
import dev.paxoskv.paxos.protocol.Recovered;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.paxos.protocol.history.Spilled;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is decided stays decided, is handed on in bounded pieces, and goes when all are done. */
class LearnerTest {
  private final Outbox outbox = new Outbox();
  private final DoneMarks done = new DoneMarks(0, 1);
  private final Learner learner = new Learner(outbox, done, new Spilled());

  @Test
  void aDecisionIsNewsOnce() {
    assertThat(learner.decide(3, X)).isTrue();
    assertThat(learner.decide(3, Value.of("x"))).isFalse();

    assertThat(outbox.drain()).isEqualTo(List.of(decide(3, X)));
    assertThat(learner.value(3)).contains(X);
    assertThat(learner.value(2)).isEmpty();
  }

  @Test
  void aSecondValueStopsThePeer() {
    learner.decide(3, X);
    assertThatThrownBy(() -> learner.decide(3, Y))
        .isInstanceOf(InvariantViolation.class)
        .hasMessage("instance 3 decided twice: x, then y");
  }

  @Test
  void knowsTheFirstGapAndItsEnd() {
    gap(0, Long.MAX_VALUE);
    learner.decide(1, X);
    gap(0, 0);
    learner.decide(5, X);
    gap(0, 0);
    learner.decide(0, X);
    gap(2, 4);
    learner.decide(3, X);
    gap(2, 2);
    learner.decide(2, X);
    gap(4, 4);
    learner.decide(4, X);
    gap(6, Long.MAX_VALUE);
  }

  @Test
  void forgettingMovesTheFirstGapAndOverWhatIsKnown() {
    learner.decide(4, X);
    done.raise(0, 3);
    learner.forget();
    gap(5, Long.MAX_VALUE);
    done.raise(0, 9);
    learner.forget();
    gap(10, Long.MAX_VALUE);

    assertThat(learner.value(4)).isEmpty();
    assertThat(learner.decide(9, X)).isFalse();
    outbox.drain();
    assertThat(learner.decide(10, X)).isTrue();
  }

  @Test
  void entriesAreTheKnownOnesOfTheRange() {
    learner.decide(2, X);
    learner.decide(4, Y);
    learner.decide(9, X);

    assertThat(learner.entries(new Fetch(0, 8)))
        .isEqualTo(List.of(new Entry(2, X), new Entry(4, Y)));
    assertThat(learner.entries(new Fetch(2, 2))).isEqualTo(List.of(new Entry(2, X)));
    assertThat(learner.entries(new Fetch(9, Long.MAX_VALUE))).isEqualTo(List.of(new Entry(9, X)));
    assertThat(learner.entries(new Fetch(5, 8))).isEmpty();
    assertThat(learner.entries(new Fetch(8, 5))).isEmpty();
  }

  @Test
  void entriesStopAtTheLimitOfBytesButOneAlwaysGoes() {
    Value half = Value.of(new byte[Learner.FETCHED_BYTES_MAX / 2]);
    learner.decide(0, half);
    learner.decide(1, half);
    learner.decide(2, X);
    learner.decide(3, Value.of(new byte[Learner.FETCHED_BYTES_MAX + 1]));

    assertThat(learner.entries(new Fetch(0, 9))).extracting(Entry::seq).containsExactly(0L, 1L);
    assertThat(learner.entries(new Fetch(2, 9))).extracting(Entry::seq).containsExactly(2L);
    assertThat(learner.entries(new Fetch(3, 9))).extracting(Entry::seq).containsExactly(3L);
  }

  @Test
  void entriesStopAtTheLimitOfTheirNumber() {
    for (int seq = 0; seq <= Learner.FETCHED_ENTRIES_MAX; seq++) {
      learner.decide(seq, X);
    }
    assertThat(learner.entries(new Fetch(0, Long.MAX_VALUE))).hasSize(Learner.FETCHED_ENTRIES_MAX);
    assertThat(learner.entries(new Fetch(1, Long.MAX_VALUE))).hasSize(Learner.FETCHED_ENTRIES_MAX);
    assertThat(learner.entries(new Fetch(2, Long.MAX_VALUE)))
        .hasSize(Learner.FETCHED_ENTRIES_MAX - 1);
  }

  @Test
  void countsTheBytesThatItKeeps() {
    assertThat(learner.bytes()).isZero();
    learner.decide(0, Value.of("four"));
    learner.decide(1, Value.of("sixsix"));
    learner.decide(1, Value.of("sixsix"));
    assertThat(learner.bytes()).isEqualTo(10);
    done.raise(0, 0);
    learner.forget();
    assertThat(learner.bytes()).isEqualTo(6);
  }

  @Test
  void whatIsSpilledWeighsNothingAndIsMissingOnceItIsLost() {
    learner.decide(0, Value.of("four"));
    learner.decide(1, Value.of("sixsix"));
    learner.spill(0);
    assertThat(learner.bytes()).isEqualTo(6);
    assertThat(learner.isDecided(0)).isTrue();
    gap(2, Long.MAX_VALUE);
    learner.lose(0);
    gap(0, 0);
    learner.decide(0, Value.of("four"));
    gap(2, Long.MAX_VALUE);
    assertThat(learner.bytes()).isEqualTo(10);
  }

  @Test
  void aRestartKnowsWhatIsMissingAndWhatItKeeps() {
    Recovered recovered = Recovered.of(List.of(
        new DurableRecord.Decided(0, X.checksum(), Optional.of(X)),
        new DurableRecord.Decided(1, Y.checksum(), Optional.of(Y)),
        new DurableRecord.Decided(4, Y.checksum(), Optional.of(Y))));
    recovered.spill(0);
    learner.recover(recovered);
    gap(2, 3);
    assertThat(learner.bytes()).isEqualTo(2);
    assertThat(learner.value(1)).contains(Y);
  }

  private void gap(long first, long last) {
    assertThat(learner.firstMissing()).isEqualTo(first);
    assertThat(learner.lastMissing(learner.firstMissing())).isEqualTo(last);
  }
}
