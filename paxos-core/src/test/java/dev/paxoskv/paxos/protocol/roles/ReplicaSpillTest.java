package dev.paxoskv.paxos.protocol.roles;

import static dev.paxoskv.paxos.protocol.roles.Words.ASKER;
import static dev.paxoskv.paxos.protocol.roles.Words.X;
import static dev.paxoskv.paxos.protocol.roles.Words.Y;
import static dev.paxoskv.paxos.protocol.roles.Words.ZERO_DICE;
import static dev.paxoskv.paxos.protocol.roles.Words.ballot;
import static dev.paxoskv.paxos.protocol.roles.Words.decided;
import static dev.paxoskv.paxos.protocol.roles.Words.fetched;
import static dev.paxoskv.paxos.protocol.roles.Words.promised;
import static dev.paxoskv.paxos.protocol.roles.Words.reply;
import static dev.paxoskv.paxos.protocol.roles.Words.replyNow;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.DurableRecord.SnapshotMark;
import dev.paxoskv.paxos.protocol.Message;
import dev.paxoskv.paxos.protocol.Message.Accept;
import dev.paxoskv.paxos.protocol.Message.Fetch;
import dev.paxoskv.paxos.protocol.Message.Forgotten;
import dev.paxoskv.paxos.protocol.Message.Prepare;
import dev.paxoskv.paxos.protocol.Message.PrepareRange;
import dev.paxoskv.paxos.protocol.Message.Promise;
import dev.paxoskv.paxos.protocol.Message.RangePromise;
import dev.paxoskv.paxos.protocol.Message.Report;
import dev.paxoskv.paxos.protocol.Status;
import dev.paxoskv.paxos.protocol.Talk;
import dev.paxoskv.paxos.protocol.Talk.Pull;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** A peer whose decided values are in its journal, and one whose snapshot covers instances. */
class ReplicaSpillTest {
  private static final Ballot HIGH = ballot(9, 1);

  private final Replica replica =
      new Replica(new ReplicaConfig(0, 3, 1, 10, false, 600, 50), ZERO_DICE);

  private List<Effect> asked(Message.Request request) {
    replica.request(1, ASKER, -1, request);
    return replica.outbox().drain();
  }

  private void decide(long first, long last) {
    for (long seq = first; seq <= last; seq++) {
      asked(decided(seq, Ballot.ZERO, X));
    }
  }

  /** Those of 0 to 4 that memory is too small for: all but the last two. */
  private void spillThree() {
    decide(0, 4);
    TreeSet<Long> taken = new TreeSet<>();
    replica.heap().shrink(taken::add);
    assertThat(taken).containsExactly(0L, 1L, 2L);
  }

  @Test
  void theOldestGoAndThoseThatTheJournalHasNotArePassedOver() {
    decide(0, 4);
    List<Long> offered = new ArrayList<>();
    replica.heap().shrink(seq -> {
      offered.add(seq);
      return seq % 2 == 1;
    });
    assertThat(offered).containsExactly(0L, 1L, 2L, 3L, 4L);
    assertThat(replica.heap().isSpilled(1)).isTrue();
    assertThat(replica.heap().isSpilled(2)).isFalse();
    assertThat(replica.status(2)).isEqualTo(Status.decided(X));
    assertThat(replica.status(1)).isEqualTo(Status.SPILLED);
    assertThat(replica.firstMissing()).isEqualTo(5);
  }

  @Test
  void whoeverAsksAboutASpilledOneIsAnsweredFromTheJournal() {
    spillThree();
    List<Effect> fromJournal = List.of(new Effect.ReplyFromJournal(ASKER, new Fetch(1, 1)));
    assertThat(asked(new Prepare(1, HIGH))).isEqualTo(fromJournal);
    assertThat(asked(new Accept(1, HIGH, Y))).isEqualTo(fromJournal);
    assertThat(asked(new Fetch(1, Long.MAX_VALUE)))
        .isEqualTo(List.of(new Effect.ReplyFromJournal(ASKER, new Fetch(1, 2))));
    assertThat(asked(new Fetch(3, 3))).isEqualTo(List.of(replyNow(fetched(3, X, 4))));
    assertThat(asked(decided(1, Ballot.ZERO, X))).isEmpty();
    replica.start(1, Y);
    assertThat(replica.driving()).isZero();
  }

  @Test
  void aReportBeginsBehindTheLastSpilledOne() {
    spillThree();
    Report three = new Report(3, Optional.empty(), Optional.of(X));
    Report four = new Report(4, Optional.empty(), Optional.of(X));
    RangePromise page = new RangePromise(HIGH, 3, Long.MAX_VALUE, List.of(three, four));
    assertThat(asked(new PrepareRange(HIGH, 0))).contains(reply(page));
  }

  @Test
  void whatTheJournalHasLostIsLearntAgainAndNothingIsSaidUntilThen() {
    spillThree();
    replica.heap().lose(1);
    replica.heap().lose(4);
    assertThat(replica.firstMissing()).isEqualTo(1);
    assertThat(replica.faulty()).isEqualTo(1);
    assertThat(asked(new Prepare(1, HIGH))).isEmpty();
    replica.answer(1, -1, fetched(1, X, 4));
    replica.outbox().drain();
    assertThat(replica.status(1)).isEqualTo(Status.decided(X));
    assertThat(asked(new Prepare(1, HIGH))).isEqualTo(List.of(replyNow(fetched(1, X, 4))));
  }

  @Test
  void belowASnapshotEverythingIsForgottenThoughMinStays() {
    spillThree();
    asked(new Prepare(6, HIGH));
    replica.snapshotTaken(3);
    assertThat(replica.outbox().drain())
        .isEqualTo(List.of(new Effect.Persist(new SnapshotMark(3))));
    assertThat(replica.min()).isZero();
    assertThat(replica.floor()).isEqualTo(4);
    assertThat(replica.status(3)).isEqualTo(Status.FORGOTTEN);
    assertThat(replica.status(4)).isEqualTo(Status.decided(X));
    List<Effect> forgotten = List.of(reply(new Forgotten(3, List.of(-1L, -1L, -1L))));
    assertThat(asked(new Prepare(3, HIGH))).isEqualTo(forgotten);
    assertThat(asked(new Accept(3, HIGH, Y))).isEqualTo(forgotten);
    assertThat(asked(new Fetch(3, 9))).isEqualTo(forgotten);
    assertThat(asked(decided(3, Ballot.ZERO, X))).isEmpty();
    // What was promised above holds.
    assertThat(asked(new Prepare(6, HIGH)))
        .isEqualTo(List.of(reply(new Promise(6, HIGH, Optional.empty()))));
    assertThat(asked(new Prepare(6, ballot(10, 2)))).contains(promised(6, ballot(10, 2)));
  }

  @Test
  void whoIsToldForgottenPullsASnapshotIfItNeedsThat() {
    decide(0, 1);
    replica.applied(1);
    replica.answer(2, -1, new Forgotten(1, List.of(-1L, -1L, -1L)));
    assertThat(replica.outbox().drain()).isEmpty();
    replica.answer(2, -1, new Forgotten(2, List.of(-1L, -1L, -1L)));
    assertThat(replica.outbox().drain())
        .isEqualTo(List.of(new Effect.Send(2, new Pull(-1, 0, 0, 50), false)));
  }

  @Test
  void theStateIsReplacedOnceTheMarkIsDurable() {
    replica.start(2, Y);
    replica.outbox().drain();
    replica.snapshotInstalled(7);
    List<Effect> effects = replica.outbox().drain();
    assertThat(effects)
        .isEqualTo(List.of(new Effect.Persist(new SnapshotMark(7)), new Effect.Adopt(7)));
    assertThat(effects.get(1).gated()).isTrue();
    assertThat(replica.driving()).isZero();
    assertThat(replica.firstMissing()).isEqualTo(8);
    assertThat(replica.max()).isEqualTo(7);
  }

  @Test
  void aPeerWithoutCatchUpPullsNothing() {
    Replica library = new Replica(new ReplicaConfig(0, 3, 1, 0), ZERO_DICE);
    library.answer(2, -1, new Forgotten(2, List.of(-1L, -1L, -1L)));
    assertThat(library.outbox().drain()).isEmpty();
    assertThat(new Pull(-1, 0, 0, 1)).isInstanceOf(Talk.Question.class);
  }
}
