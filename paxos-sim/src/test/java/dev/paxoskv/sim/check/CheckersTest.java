package dev.paxoskv.sim.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paxoskv.paxos.host.Host;
import dev.paxoskv.paxos.host.MemoryJournal;
import dev.paxoskv.paxos.host.Observer;
import dev.paxoskv.paxos.host.Transport;
import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.DurableRecord;
import dev.paxoskv.paxos.protocol.DurableRecord.Floor;
import dev.paxoskv.paxos.protocol.DurableRecord.Promised;
import dev.paxoskv.paxos.protocol.DurableRecord.Voted;
import dev.paxoskv.paxos.protocol.Envelope;
import dev.paxoskv.paxos.protocol.Message;
import dev.paxoskv.paxos.protocol.Message.Accept;
import dev.paxoskv.paxos.protocol.Message.Accepted;
import dev.paxoskv.paxos.protocol.Message.Decided;
import dev.paxoskv.paxos.protocol.Message.Done;
import dev.paxoskv.paxos.protocol.Message.Entry;
import dev.paxoskv.paxos.protocol.Message.Fetch;
import dev.paxoskv.paxos.protocol.Message.Fetched;
import dev.paxoskv.paxos.protocol.Message.Forgotten;
import dev.paxoskv.paxos.protocol.Message.Prepare;
import dev.paxoskv.paxos.protocol.Message.Promise;
import dev.paxoskv.paxos.protocol.Quorum.PeerSet;
import dev.paxoskv.paxos.protocol.Talk.News;
import dev.paxoskv.paxos.protocol.Talk.Span;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.paxos.protocol.Vote;
import dev.paxoskv.paxos.protocol.roles.Effect;
import dev.paxoskv.paxos.protocol.roles.Replica;
import dev.paxoskv.paxos.protocol.roles.ReplicaConfig;
import dev.paxoskv.sim.check.Witness.Hop;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Each checker stays calm at what is right and stops what is wrong. */
class CheckersTest {
  private static final Value X = Value.of("x");
  private static final Value Y = Value.of("y");
  private static final Ballot LOW = new Ballot(1, 0, 1);
  private static final Ballot HIGH = new Ballot(2, 1, 1);

  @Test
  void twoMajoritiesForDifferentValuesBreakAgreement() {
    VoteChecker checker = new VoteChecker(3);
    checker.recorded(0, vote(LOW, X));
    checker.recorded(2, vote(HIGH, Y));
    checker.recorded(0, vote(HIGH, Y));
    assertThat(checker.chosen(4)).contains(new VoteChecker.Choice(HIGH, Y));
    // The peers have voted for Y since, but X had a majority all the same.
    assertFails(VoteChecker.RULE, () -> checker.recorded(1, vote(LOW, X)));
  }

  @Test
  void theSameValueMayBeChosenAgain() {
    VoteChecker checker = new VoteChecker(3);
    for (int peer = 0; peer < 3; peer++) {
      checker.recorded(peer, vote(HIGH, X));
      checker.recorded(peer, vote(LOW, X));
    }
    assertThat(checker.chosen(4)).contains(new VoteChecker.Choice(LOW, X));
  }

  @Test
  void onePeerThatVotesTwiceIsNoMajority() {
    VoteChecker checker = new VoteChecker(3);
    checker.recorded(0, vote(LOW, X));
    checker.recorded(0, vote(LOW, X));
    assertThat(checker.chosen(4)).isEmpty();
    assertFails(VoteChecker.RULE, () -> checker.decided(1, 4, X));
  }

  @Test
  void oneBallotHasOneValue() {
    VoteChecker checker = new VoteChecker(5);
    checker.recorded(0, vote(LOW, X));
    assertFails(VoteChecker.RULE, () -> checker.recorded(1, vote(LOW, Y)));
  }

  @Test
  void nobodyLearnsWhatWasNotChosen() {
    VoteChecker checker = new VoteChecker(3);
    checker.recorded(0, vote(LOW, X));
    checker.recorded(1, vote(LOW, X));
    assertThatCode(() -> checker.decided(2, 4, X)).doesNotThrowAnyException();
    assertFails(VoteChecker.RULE, () -> checker.decided(2, 4, Y));
  }

  @Test
  void aHigherBallotMustCarryTheChosenValue() {
    ProposalChecker checker = chosenXatLow();
    checker.sent(hop(new Accept(4, HIGH, X)));
    checker.sent(hop(new Accept(5, HIGH, Y)));
    assertFails(ProposalChecker.RULE, () -> checker.sent(hop(new Accept(4, HIGH, Y))));
  }

  @Test
  void evenIfItWasSentBeforeTheLowerOneWasChosen() {
    VoteChecker votes = new VoteChecker(3);
    ProposalChecker checker = new ProposalChecker(votes);
    checker.sent(hop(new Accept(4, HIGH, Y)));
    votes.recorded(0, vote(LOW, X));
    checker.recorded(0, vote(LOW, X));
    votes.recorded(1, vote(LOW, X));
    assertFails(ProposalChecker.RULE, () -> checker.recorded(1, vote(LOW, X)));
  }

  private static ProposalChecker chosenXatLow() {
    VoteChecker votes = new VoteChecker(3);
    votes.recorded(0, vote(LOW, X));
    votes.recorded(1, vote(LOW, X));
    return new ProposalChecker(votes);
  }

  @Test
  void onlyWhatWasStartedInThatInstanceMayBeProposedOrDecided() {
    ValidityChecker checker = new ValidityChecker();
    checker.started(0, 4, X);
    checker.started(0, 5, Y);
    checker.sent(hop(new Accept(4, LOW, X)));
    checker.decided(2, 4, X);
    assertFails(ValidityChecker.RULE, () -> checker.sent(hop(new Accept(4, LOW, Y))));
    assertFails(ValidityChecker.RULE, () -> checker.decided(2, 5, X));
  }

  @Test
  void aPromiseDoesNotFall() {
    PromiseChecker checker = new PromiseChecker(3);
    checker.recorded(0, new Promised(4, HIGH));
    checker.recorded(0, vote(HIGH, X));
    checker.recorded(1, vote(LOW, X));
    assertFails(PromiseChecker.RULE, () -> checker.recorded(0, new Promised(4, HIGH)));
    assertFails(PromiseChecker.RULE, () -> checker.recorded(0, new Promised(4, LOW)));
    assertFails(PromiseChecker.RULE, () -> checker.recorded(0, vote(LOW, X)));
  }

  @Test
  void nothingIsRecordedBelowTheFloor() {
    PromiseChecker checker = new PromiseChecker(3);
    checker.recorded(0, new Floor(5));
    checker.recorded(0, new Promised(5, LOW));
    assertFails(PromiseChecker.RULE, () -> checker.recorded(0, vote(HIGH, X)));
  }

  @Test
  void anAnswerSaysWhatTheRecordsSay() {
    PromiseChecker checker = new PromiseChecker(3);
    Message promise = new Promise(4, HIGH, Optional.of(new Vote(LOW, X)));
    checker.recorded(0, vote(LOW, X));
    checker.sent(answer(new Prepare(4, LOW), new Accepted(4, LOW)));
    assertFails(PromiseChecker.ANSWER, () -> checker.sent(answer(new Prepare(4, HIGH), promise)));

    checker.recorded(0, new Promised(4, HIGH));
    checker.sent(answer(new Prepare(4, HIGH), promise));
    Message lie = new Promise(4, HIGH, Optional.empty());
    assertFails(PromiseChecker.ANSWER, () -> checker.sent(answer(new Prepare(4, HIGH), lie)));
    Message early = new Accepted(4, HIGH);
    assertFails(PromiseChecker.ANSWER, () -> checker.sent(answer(new Accept(4, HIGH, X), early)));
  }

  @Test
  void maxCountsWhatWasHeardOf() {
    Host host = host();
    FormulaChecker checker = new FormulaChecker(3);
    checker.settled(0, host);
    host.start(4, X);
    assertFails(FormulaChecker.RULE, () -> checker.settled(0, host));
    checker.started(0, 4, X);
    checker.settled(0, host);

    Hop prepare = new Hop(1, 0, new Envelope(-1, new Prepare(9, HIGH)), Optional.empty());
    checker.arrived(prepare);
    assertFails(FormulaChecker.RULE, () -> checker.settled(0, host));
    host.request(1, new Effect.Connection() {}, prepare.envelope());
    checker.settled(0, host);
  }

  @Test
  void minIsOneMoreThanTheLeastMarkHeardOf() {
    Host host = host();
    FormulaChecker checker = new FormulaChecker(3);
    for (Hop hop : List.of(news(1, 7, new Done()), news(2, 6, new Done()))) {
      checker.arrived(hop);
      host.request(hop.from(), new Effect.Connection() {}, hop.envelope());
    }
    checker.settled(0, host);
    checker.done(0, 8);
    assertFails(FormulaChecker.RULE, () -> checker.settled(0, host));
    host.done(8);
    checker.settled(0, host);
    assertThat(host.min()).isEqualTo(7);
  }

  @Test
  void marksAreHeardFromForgottenTooButNotOnesOwn() {
    Host host = host();
    FormulaChecker checker = new FormulaChecker(3);
    Hop forgotten = news(1, 3, new Forgotten(2, List.of(9L, 3L, 5L)));
    checker.arrived(forgotten);
    host.answer(1, forgotten.envelope());
    checker.settled(0, host);
    assertThat(host.min()).isZero();
  }

  @Test
  void statusIsWhatWasLearnt() {
    Host host = host();
    FormulaChecker checker = new FormulaChecker(3);
    Hop told = news(1, -1, new Fetched(List.of(new Entry(4, X)), 4));
    checker.arrived(told);
    host.answer(1, told.envelope());
    assertFails(FormulaChecker.RULE, () -> checker.settled(0, host));
    checker.decided(0, 4, Y);
    assertFails(FormulaChecker.RULE, () -> checker.settled(0, host));
    checker.decided(0, 4, X);
    checker.settled(0, host);
  }

  @Test
  void newsOfAForgottenInstanceDoNotMoveMax() {
    Host host = host();
    FormulaChecker checker = new FormulaChecker(3);
    checker.done(0, 8);
    host.done(8);
    for (Hop hop :
        List.of(news(1, 8, new Done()), news(2, 8, new Decided(5, LOW, Optional.of(X))))) {
      checker.arrived(hop);
      host.request(hop.from(), new Effect.Connection() {}, hop.envelope());
    }
    checker.settled(0, host);
    assertThat(host.max()).isEqualTo(-1);
  }

  @Test
  void nobodyForgetsWhatOneStillNeeds() {
    RetentionChecker checker = new RetentionChecker(3);
    checker.done(0, 5);
    checker.done(1, 6);
    assertFails(RetentionChecker.RULE, () -> checker.recorded(0, new Floor(1)));
    checker.done(2, 4);
    checker.recorded(0, new Floor(5));
    checker.sent(answer(new Prepare(4, LOW), new Forgotten(4, List.of(5L, 6L, 4L))));
    assertFails(RetentionChecker.RULE, () -> checker.recorded(0, new Floor(6)));
    Message lie = new Forgotten(5, List.of(5L, 6L, 5L));
    assertFails(RetentionChecker.RULE, () -> checker.sent(answer(new Prepare(5, LOW), lie)));
  }

  @Test
  void minOfAHostMayNotRunAheadNorFall() {
    Host host = host();
    host.done(3);
    host.request(1, new Effect.Connection() {}, new Envelope(3, new Done()));
    host.request(2, new Effect.Connection() {}, new Envelope(3, new Done()));
    RetentionChecker checker = new RetentionChecker(3);
    assertFails(RetentionChecker.RULE, () -> checker.settled(0, host));
    for (int peer = 0; peer < 3; peer++) {
      checker.done(peer, 3);
    }
    checker.settled(0, host);
    assertFails(RetentionChecker.RULE, () -> checker.settled(0, host()));
  }

  @Test
  void whatWasStartedInTheCoreMustBeSettledThere() {
    Host host = host();
    LivenessChecker checker = new LivenessChecker();
    checker.started(0, 4, X);
    checker.started(2, 5, X);
    PeerSet all = PeerSet.EMPTY.with(0).with(2);
    PeerSet core = PeerSet.EMPTY.with(0);
    assertFails(LivenessChecker.RULE, () -> checker.check(core, peer -> host));
    host.answer(1, new Envelope(-1, new Fetched(List.of(new Entry(4, X)), 4)));
    checker.check(core, peer -> host);
    assertThat(checker.isDone(all, peer -> host)).isFalse();
    assertFails(LivenessChecker.RULE, () -> checker.check(all, peer -> host));
  }

  @Test
  void anIdlePeerAnswersButDoesNotAsk() {
    SilenceChecker checker = new SilenceChecker();
    checker.sent(hop(new Done()));
    checker.begin(PeerSet.EMPTY.with(0));
    checker.sent(answer(new Prepare(4, LOW), new Accepted(4, LOW)));
    checker.sent(new Hop(1, 0, new Envelope(-1, new Done()), Optional.empty()));
    assertFails(SilenceChecker.RULE, () -> checker.sent(hop(new Done())));
    checker.failed(hop(new Done()));
    checker.sent(hop(new Done()));
    assertFails(SilenceChecker.RULE, () -> checker.sent(hop(new Done())));
    checker.failed(hop(new Done()));
    assertFails(SilenceChecker.RULE, () -> checker.sent(hop(new Prepare(4, LOW))));
  }

  @Test
  void anIdlePeerSaysAgainWhatDidNotArriveAndNoMore() {
    SilenceChecker checker = new SilenceChecker();
    checker.begin(PeerSet.EMPTY.with(0));
    checker.failed(telling(0, 1, 7));
    checker.failed(hop(new Decided(5, LOW, Optional.of(X))));
    for (long seq : List.of(5L, 7L)) {
      Hop again = hop(new Decided(seq, LOW, Optional.of(X)));
      checker.sent(again);
      assertFails(SilenceChecker.RULE, () -> checker.sent(again));
    }
    Hop question = hop(new Fetch(8, 9));
    Hop more = hop(new Fetch(8, 10));
    assertFails(SilenceChecker.RULE, () -> checker.sent(question));
    checker.arrived(telling(1, 0, 9));
    checker.sent(question);
    checker.sent(question);
    assertFails(SilenceChecker.RULE, () -> checker.sent(more));
  }

  @Test
  void theOracleTellsAll() {
    Oracle oracle = new Oracle(3, List.of());
    oracle.started(0, 4, X);
    assertThat(oracle.isAllSettled(PeerSet.EMPTY.with(0), peer -> host())).isFalse();
    oracle.recorded(0, vote(LOW, X));
    oracle.recorded(1, vote(LOW, X));
    assertFails(ValidityChecker.RULE, () -> oracle.sent(hop(new Accept(4, LOW, Y))));
    assertFails(ProposalChecker.RULE, () -> {
      oracle.started(0, 4, Y);
      oracle.sent(hop(new Accept(4, HIGH, Y)));
    });
    assertFails(VoteChecker.RULE, () -> oracle.decided(2, 4, Y));
    assertFails(PromiseChecker.RULE, () -> oracle.recorded(0, new Promised(4, LOW)));
    assertFails(RetentionChecker.RULE, () -> oracle.recorded(0, new Floor(1)));
  }

  private static void assertFails(String rule, Runnable wrong) {
    assertThatThrownBy(wrong::run)
        .isInstanceOfSatisfying(
            Violation.class, violation -> assertThat(violation.rule()).isEqualTo(rule))
        .hasMessageStartingWith(rule + ": ");
  }

  private static DurableRecord vote(Ballot ballot, Value value) {
    return new Voted(4, new Vote(ballot, value));
  }

  private static Hop hop(Message.Request request) {
    return new Hop(0, 1, new Envelope(-1, request), Optional.empty());
  }

  private static Hop answer(Message.Request asked, Message answer) {
    return new Hop(0, 1, new Envelope(-1, answer), Optional.of(asked));
  }

  private static Hop news(int from, long done, Message message) {
    return new Hop(from, 0, new Envelope(done, message), Optional.empty());
  }

  /** A leader's news of a decision. */
  private static Hop telling(int from, int to, long seq) {
    News news = new News(LOW, List.of(new Span(seq, seq)));
    return new Hop(from, to, new Envelope(-1, 0, new Done(), Optional.of(news)), Optional.empty());
  }

  /** Peer 0 of 3, which nobody hears. */
  private static Host host() {
    Transport nowhere = new Transport() {
      @Override
      public void send(int peer, Envelope envelope) {}

      @Override
      public void reply(Effect.Connection connection, Envelope envelope) {}

      @Override
      public void flush() {}
    };
    return new Host(
        new Replica(new ReplicaConfig(0, 3, 1, 0), new SplittableRandom(1)),
        nowhere,
        new MemoryJournal(),
        Optional.empty(),
        Observer.NONE);
  }
}
