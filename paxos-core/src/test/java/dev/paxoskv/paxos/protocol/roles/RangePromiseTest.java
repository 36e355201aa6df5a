package dev.paxoskv.paxos.protocol.roles;

import static dev.paxoskv.paxos.protocol.roles.Words.X;
import static dev.paxoskv.paxos.protocol.roles.Words.Y;
import static dev.paxoskv.paxos.protocol.roles.Words.ballot;
import static dev.paxoskv.paxos.protocol.roles.Words.persist;
import static dev.paxoskv.paxos.protocol.roles.Words.vote;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.DurableRecord;
import dev.paxoskv.paxos.protocol.DurableRecord.RangePromised;
import dev.paxoskv.paxos.protocol.Message;
import dev.paxoskv.paxos.protocol.Message.Accept;
import dev.paxoskv.paxos.protocol.Message.Accepted;
import dev.paxoskv.paxos.protocol.Message.Forgotten;
import dev.paxoskv.paxos.protocol.Message.Prepare;
import dev.paxoskv.paxos.protocol.Message.PrepareRange;
import dev.paxoskv.paxos.protocol.Message.Promise;
import dev.paxoskv.paxos.protocol.Message.RangePromise;
import dev.paxoskv.paxos.protocol.Message.Reject;
import dev.paxoskv.paxos.protocol.Message.Report;
import dev.paxoskv.paxos.protocol.Recovered;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.paxos.protocol.history.Spilled;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The acceptor's promise for all instances at once, and what it says with it. */
class RangePromiseTest {
  private static final Ballot LOW = ballot(3, 2);
  private static final Ballot MID = ballot(5, 1);
  private static final Ballot HIGH = ballot(7, 0);
  private static final long OPEN = Long.MAX_VALUE;

  private final Outbox outbox = new Outbox();
  private final DoneMarks done = new DoneMarks(0, 3);
  private final Acceptor acceptor = new Acceptor(outbox, done, new Spilled());
  private final TreeMap<Long, Value> decided = new TreeMap<>();

  private Message.Answer range(Ballot ballot, long from) {
    return acceptor.onPrepareRange(new PrepareRange(ballot, from), decided);
  }

  private static RangePromise promise(long first, long end, Report... reports) {
    return new RangePromise(MID, first, end, List.of(reports));
  }

  private static Report taken(long seq) {
    return new Report(seq, Optional.empty(), Optional.empty());
  }

  @Test
  void promisesOnceAndAnswersTheSameQuestionAgain() {
    assertThat(range(MID, 4)).isEqualTo(promise(4, OPEN));
    assertThat(outbox.drain()).isEqualTo(List.of(persist(new RangePromised(MID))));
    assertThat(range(MID, 6)).isEqualTo(promise(6, OPEN));
    assertThat(outbox.isEmpty()).isTrue();
    assertThat(range(LOW, 4)).isEqualTo(new Reject(4, LOW, MID, true));
    assertThat(outbox.isEmpty()).isTrue();
  }

  @Test
  void thePromiseHoldsInEveryInstanceAlsoBelowWhereItWasAsked() {
    range(MID, 4);
    for (long seq : new long[] {0, 3, 4, 1000}) {
      assertThat(acceptor.onPrepare(new Prepare(seq, LOW)))
          .isEqualTo(new Reject(seq, LOW, MID, true));
      assertThat(acceptor.onAccept(new Accept(seq, LOW, X)))
          .isEqualTo(new Reject(seq, LOW, MID, true));
      assertThat(acceptor.onPrepare(new Prepare(seq, MID)))
          .isEqualTo(new Reject(seq, MID, MID, false));
      assertThat(acceptor.onAccept(new Accept(seq, MID, X))).isEqualTo(new Accepted(seq, MID));
    }
  }

  @Test
  void aHigherPromiseInOneInstanceStandsAndOnlyThere() {
    acceptor.onPrepare(new Prepare(4, HIGH));
    assertThat(range(MID, 3)).isEqualTo(promise(3, OPEN, taken(4)));
    assertThat(acceptor.onAccept(new Accept(4, MID, X))).isEqualTo(new Reject(4, MID, HIGH, false));
    assertThat(acceptor.onAccept(new Accept(5, MID, X))).isEqualTo(new Accepted(5, MID));
    assertThat(acceptor.onAccept(new Accept(4, HIGH, Y))).isEqualTo(new Accepted(4, HIGH));
  }

  @Test
  void votesBelowAreToldAndVotesAtOrAboveAreNoPromise() {
    acceptor.onAccept(new Accept(4, LOW, X));
    acceptor.onAccept(new Accept(5, HIGH, X));
    Report told = new Report(4, vote(LOW, X), Optional.empty());
    assertThat(range(MID, 0)).isEqualTo(promise(0, OPEN, told, taken(5)));
    acceptor.onAccept(new Accept(6, MID, Y));
    assertThat(range(MID, 0)).isEqualTo(promise(0, OPEN, told, taken(5), taken(6)));
  }

  @Test
  void aLostVoteIsNoPromiseUntilTheDecisionIsKnown() {
    Recovered recovered = Recovered.of(List.of(new DurableRecord.Faulty(4)));
    acceptor.recover(recovered);
    assertThat(range(MID, 0)).isEqualTo(promise(0, OPEN, taken(4)));
    acceptor.mend(4);
    decided.put(4L, X);
    Report told = new Report(4, Optional.empty(), Optional.of(X));
    assertThat(range(MID, 0)).isEqualTo(promise(0, OPEN, told));
  }

  @Test
  void nothingIsSaidBelowTheFloor() {
    acceptor.onAccept(new Accept(2, LOW, X));
    done.raiseFloor(4);
    acceptor.forget();
    assertThat(range(MID, 1)).isEqualTo(promise(4, OPEN));
    assertThat(acceptor.onAccept(new Accept(2, MID, X))).isEqualTo(new Forgotten(2, done.all()));
  }

  @Test
  void aLongReportComesInPagesThatJoinWithoutAGap() {
    int count = 2 * Learner.FETCHED_ENTRIES_MAX + 10;
    for (long seq = 0; seq < count; seq++) {
      acceptor.onAccept(new Accept(3 * seq, LOW, X));
    }
    List<Long> told = new ArrayList<>();
    long next = 1;
    int pages = 0;
    while (next != OPEN) {
      RangePromise page = (RangePromise) range(MID, next);
      assertThat(page.first()).isEqualTo(next);
      page.reports().forEach(report -> told.add(report.seq()));
      next = page.end();
      pages++;
    }
    assertThat(pages).isEqualTo(3);
    assertThat(told).hasSize(count - 1).isSorted().startsWith(3L);
  }

  @Test
  void oneLargeValueFillsAPage() {
    Value large = Value.of(new byte[Learner.FETCHED_BYTES_MAX + 1]);
    acceptor.onAccept(new Accept(1, LOW, large));
    acceptor.onAccept(new Accept(2, LOW, large));
    assertThat(range(MID, 0))
        .isEqualTo(promise(0, 2, new Report(1, vote(LOW, large), Optional.empty())));
  }

  @Test
  void aPageTakesAsMuchAsItMay() {
    Value half = Value.of(new byte[Learner.FETCHED_BYTES_MAX / 2]);
    for (long seq = 1; seq <= 3; seq++) {
      acceptor.onAccept(new Accept(seq, LOW, half));
    }
    RangePromise page = (RangePromise) range(MID, 0);
    assertThat(page.reports()).extracting(Report::seq).containsExactly(1L, 2L);
    assertThat(page.end()).isEqualTo(3);
  }

  @Test
  void aRestartFindsThePromise() {
    acceptor.recover(Recovered.of(
        List.of(new RangePromised(MID), new RangePromised(LOW), new DurableRecord.Floor(0))));
    assertThat(range(LOW, 0)).isEqualTo(new Reject(0, LOW, MID, true));
    assertThat(acceptor.onAccept(new Accept(9, MID, X))).isEqualTo(new Accepted(9, MID));
  }

  @Test
  void anEarlierPromiseInOneInstanceIsAnsweredAgainOnlyWhileItStands() {
    acceptor.onPrepare(new Prepare(4, MID));
    assertThat(acceptor.onPrepare(new Prepare(4, MID)))
        .isEqualTo(new Promise(4, MID, Optional.empty()));
    range(HIGH, 0);
    assertThat(acceptor.onPrepare(new Prepare(4, MID))).isEqualTo(new Reject(4, MID, HIGH, true));
  }
}
