package dev.paxoskv.paxos.protocol.roles;

import static dev.paxoskv.paxos.protocol.roles.Words.X;
import static dev.paxoskv.paxos.protocol.roles.Words.Y;
import static dev.paxoskv.paxos.protocol.roles.Words.Z;
import static dev.paxoskv.paxos.protocol.roles.Words.ZERO_DICE;
import static dev.paxoskv.paxos.protocol.roles.Words.ballot;
import static dev.paxoskv.paxos.protocol.roles.Words.decided;
import static dev.paxoskv.paxos.protocol.roles.Words.promised;
import static dev.paxoskv.paxos.protocol.roles.Words.send;
import static dev.paxoskv.paxos.protocol.roles.Words.sendNow;
import static dev.paxoskv.paxos.protocol.roles.Words.toSelf;
import static dev.paxoskv.paxos.protocol.roles.Words.vote;
import static dev.paxoskv.paxos.protocol.roles.Words.voted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.Message.Accept;
import dev.paxoskv.paxos.protocol.Message.Accepted;
import dev.paxoskv.paxos.protocol.Message.Prepare;
import dev.paxoskv.paxos.protocol.Message.Promise;
import dev.paxoskv.paxos.protocol.Message.Reject;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.paxos.protocol.Vote;
import dev.paxoskv.paxos.protocol.history.Spilled;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The seed's proposer, peer 0 of its group, call by call with everything it emits. */
class ProposerTest {
  private static final long SEQ = 4;
  private static final Ballot FIRST = ballot(1, 0);
  private static final Ballot SECOND = ballot(2, 0);

  private final Outbox outbox = new Outbox();
  private Acceptor acceptor;
  private Proposer proposer;
  private int peers;

  @Test
  void startAsksTheOthersGatedAndItselfThroughTheGate() {
    proposer(3);
    proposer.start(SEQ, X);

    assertThat(outbox.drain())
        .isEqualTo(List.of(
            send(1, new Prepare(SEQ, FIRST)),
            send(2, new Prepare(SEQ, FIRST)),
            promised(SEQ, FIRST),
            toSelf(new Promise(SEQ, FIRST, Optional.empty()))));
    assertThat(proposer.isDriving(SEQ)).isTrue();
    assertThat(proposer.driving()).isEqualTo(1);
    assertThat(proposer.drivingBytes()).isEqualTo(1);
  }

  @Test
  void secondStartIsIgnoredAndOtherInstancesGoTheirOwnWay() {
    proposer(3);
    proposer.start(SEQ, X);
    outbox.drain();

    proposer.start(SEQ, Y);
    assertThat(outbox.drain()).isEmpty();

    proposer.start(SEQ - 3, Y);
    assertThat(outbox.drain()).contains(send(1, new Prepare(SEQ - 3, SECOND)));
    assertThat(proposer.driving()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
  void needsMoreThanHalfInBothPhases(int size) {
    proposer(size);
    int quorum = size / 2 + 1;
    proposer.start(SEQ, X);
    outbox.drain();

    for (int peer = 0; peer < quorum - 1; peer++) {
      promise(peer, FIRST, Optional.empty());
      promise(peer, FIRST, Optional.empty());
      assertThat(outbox.drain()).isEmpty();
    }
    promise(quorum - 1, FIRST, Optional.empty());
    assertThat(outbox.drain()).isEqualTo(acceptEffects(FIRST, X));

    for (int peer = 0; peer < quorum - 1; peer++) {
      assertThat(accepted(peer, FIRST)).isEmpty();
      assertThat(accepted(peer, FIRST)).isEmpty();
      assertThat(outbox.drain()).isEmpty();
    }
    assertThat(accepted(quorum - 1, FIRST)).contains(X);
    List<Effect> news = new ArrayList<>();
    for (int peer = 1; peer < size; peer++) {
      boolean isCounted = peer < quorum;
      news.add(sendNow(peer, isCounted ? decided(SEQ, FIRST) : decided(SEQ, FIRST, X)));
    }
    assertThat(outbox.drain()).isEqualTo(news);
  }

  @Test
  void theOwnAcceptorIsOneOfTheQuorumAndNotSpecial() {
    proposer(3);
    proposer.start(SEQ, X);
    outbox.drain();

    promise(1, FIRST, Optional.empty());
    promise(2, FIRST, Optional.empty());
    assertThat(outbox.drain()).isEqualTo(acceptEffects(FIRST, X));

    accepted(2, FIRST);
    assertThat(accepted(1, FIRST)).contains(X);
    assertThat(outbox.drain())
        .isEqualTo(List.of(sendNow(1, decided(SEQ, FIRST)), sendNow(2, decided(SEQ, FIRST))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"lowFirst", "highFirst"})
  void takesTheValueOfTheHighestVote(String order) {
    proposer(5);
    proposer.observe(ballot(9, 0));
    proposer.start(SEQ, X);
    Ballot mine = ballot(10, 0);
    outbox.drain();
    Optional<Vote> low = vote(ballot(3, 4), Y);
    Optional<Vote> high = vote(ballot("4.2"), Z);
    boolean isLowFirst = order.equals("lowFirst");

    promise(1, mine, isLowFirst ? low : high);
    promise(2, mine, isLowFirst ? high : low);
    promise(0, mine, Optional.empty());

    assertThat(outbox.drain()).isEqualTo(acceptEffects(mine, Z));
    accepted(0, mine);
    accepted(3, mine);
    assertThat(accepted(4, mine)).contains(Z);
  }

  @Test
  void answersOfAnotherBallotOrPhaseOrInstanceDoNotCount() {
    proposer(3);
    proposer.start(SEQ, X);
    outbox.drain();

    for (String other : List.of("1.1", "1.0.0", "1.0.2", "2.0", "0.0")) {
      promise(1, ballot(other), Optional.empty());
      promise(2, ballot(other), Optional.empty());
    }
    accepted(1, FIRST);
    accepted(2, FIRST);
    proposer.onPromise(1, new Promise(SEQ + 1, FIRST, Optional.empty()));
    proposer.onPromise(2, new Promise(SEQ + 1, FIRST, Optional.empty()));
    assertThat(outbox.drain()).isEmpty();

    promise(1, FIRST, Optional.empty());
    promise(2, FIRST, Optional.empty());
    assertThat(outbox.drain()).isEqualTo(acceptEffects(FIRST, X));

    // A late Promise does not count as an Accepted, nor does an Accepted of another ballot.
    promise(0, FIRST, vote(ballot(1, 0), Z));
    accepted(1, SECOND);
    accepted(2, ballot("1.0.0"));
    assertThat(accepted(1, FIRST)).isEmpty();
    assertThat(outbox.drain()).isEmpty();
  }

  @Test
  void answersToTheFirstRoundDoNotCountInTheSecond() {
    proposer(3);
    proposer.start(SEQ, X);
    reject(1, FIRST, ballot(1, 2));
    reject(2, FIRST, ballot(1, 2));
    proposer.tick(1);
    outbox.drain();

    promise(1, FIRST, Optional.empty());
    promise(2, FIRST, Optional.empty());
    promise(0, FIRST, Optional.empty());
    assertThat(outbox.drain()).isEmpty();

    // And a vote reported to the first round is no report to the second.
    promise(1, SECOND, Optional.empty());
    promise(0, SECOND, Optional.empty());
    assertThat(outbox.drain()).isEqualTo(acceptEffects(SECOND, X));
  }

  @Test
  void aVoteHeardInAnOlderRoundIsForgotten() {
    proposer(5);
    proposer.start(SEQ, X);
    promise(1, FIRST, vote(ballot("0.3"), Y));
    reject(2, FIRST, ballot(1, 2));
    reject(3, FIRST, ballot(1, 2));
    reject(4, FIRST, ballot(1, 2));
    proposer.tick(1);
    outbox.drain();

    promise(2, SECOND, Optional.empty());
    promise(3, SECOND, Optional.empty());
    promise(4, SECOND, Optional.empty());
    assertThat(outbox.drain()).isEqualTo(acceptEffects(SECOND, X));
  }

  @Test
  void aRejectSendsItAboveEveryRoundSeenAfterAWait() {
    proposer(3);
    proposer.start(SEQ, X);
    outbox.drain();

    reject(1, FIRST, ballot(7, 2));
    proposer.tick(1);
    assertThat(outbox.drain()).as("one of three may yet be outvoted").isEmpty();

    reject(2, FIRST, ballot(5, 1));
    assertThat(outbox.drain()).as("not at once").isEmpty();
    proposer.tick(2);
    assertThat(outbox.drain()).isEqualTo(prepareEffects(ballot(8, 0)));
  }

  @Test
  void aRejectOfTheOldRoundStillTellsHowHighToGo() {
    proposer(3);
    reject(1, FIRST, ballot(41, 2));
    proposer.start(SEQ, X);
    assertThat(outbox.drain()).isEqualTo(prepareEffects(ballot(42, 0)));
  }

  @Test
  void aRejectInThePhaseOfAcceptingBeginsAgainWithPrepare() {
    proposer(3);
    proposer.start(SEQ, X);
    promise(1, FIRST, Optional.empty());
    promise(0, FIRST, Optional.empty());
    outbox.drain();

    reject(1, FIRST, ballot(3, 1));
    reject(2, FIRST, ballot(3, 1));
    proposer.tick(1);
    assertThat(outbox.drain())
        .isEqualTo(List.of(
            send(1, new Prepare(SEQ, ballot(4, 0))),
            send(2, new Prepare(SEQ, ballot(4, 0))),
            promised(SEQ, ballot(4, 0)),
            toSelf(new Promise(SEQ, ballot(4, 0), vote(FIRST, X)))));
  }

  @Test
  void rejectsOfAnOlderBallotOrOfOnePeerTwiceDoNotMakeItGiveUp() {
    proposer(3);
    proposer.start(SEQ, X);
    outbox.drain();

    reject(1, FIRST, ballot(3, 1));
    reject(1, FIRST, ballot(3, 1));
    reject(2, ballot("1.0.0"), ballot(3, 1));
    promise(2, FIRST, Optional.empty());
    reject(2, FIRST, ballot(3, 1));
    proposer.tick(5);
    assertThat(outbox.drain()).isEmpty();

    promise(0, FIRST, Optional.empty());
    assertThat(outbox.drain()).isEqualTo(acceptEffects(FIRST, X));
  }

  @Test
  void silenceAsksAgainOnlyThoseWhoHaveNotAnswered() {
    proposer(3);
    proposer.start(SEQ, X);
    promise(2, FIRST, Optional.empty());
    outbox.drain();

    proposer.tick(9);
    assertThat(outbox.drain()).isEmpty();
    proposer.tick(10);
    assertThat(outbox.drain())
        .isEqualTo(List.of(
            send(1, new Prepare(SEQ, FIRST)), toSelf(new Promise(SEQ, FIRST, Optional.empty()))));
  }

  @Test
  void silenceInThePhaseOfAcceptingRepeatsTheAccept() {
    proposer(3);
    proposer.start(SEQ, X);
    promise(2, FIRST, Optional.empty());
    promise(0, FIRST, Optional.empty());
    accepted(0, FIRST);
    outbox.drain();

    proposer.tick(10);
    Accept again = new Accept(SEQ, FIRST, X);
    assertThat(outbox.drain()).isEqualTo(List.of(sendNow(1, again), sendNow(2, again)));
  }

  @Test
  void silenceAfterARejectTakesAHigherBallot() {
    proposer(5);
    proposer.start(SEQ, X);
    reject(1, FIRST, ballot(6, 1));
    outbox.drain();

    proposer.tick(10);
    assertThat(outbox.drain()).isEqualTo(prepareEffects(ballot(7, 0)));
  }

  @Test
  void aMajorityOutOfReachIsTriedAgainSoon() {
    proposer(3);
    proposer.start(SEQ, X);
    outbox.drain();

    proposer.prepareFailed(1, new Prepare(SEQ, ballot("1.0.0")));
    proposer.prepareFailed(2, new Prepare(SEQ, FIRST));
    proposer.tick(1);
    assertThat(outbox.drain()).isEmpty();

    proposer.prepareFailed(1, new Prepare(SEQ, FIRST));
    proposer.tick(2);
    assertThat(outbox.drain()).isEqualTo(prepareEffects(SECOND));
  }

  @Test
  void waitsFromTheMomentOfTheRefusal() {
    proposer(3);
    proposer.tick(1000);
    proposer.start(SEQ, X);
    outbox.drain();
    reject(1, FIRST, ballot(4, 1));
    reject(2, FIRST, ballot(4, 1));
    proposer.tick(1000);
    assertThat(outbox.drain()).as("not in the same tick").isEmpty();
    proposer.tick(1002);
    assertThat(outbox.drain()).isEqualTo(prepareEffects(ballot(5, 0)));
  }

  @Test
  void lateNewsOfAPrepareIsNotCountedAgainstTheAccept() {
    proposer(3);
    proposer.start(SEQ, X);
    promise(0, FIRST, Optional.empty());
    promise(1, FIRST, Optional.empty());
    outbox.drain();

    proposer.prepareFailed(1, new Prepare(SEQ, FIRST));
    proposer.prepareFailed(2, new Prepare(SEQ, FIRST));
    assertThat(accepted(0, FIRST)).isEmpty();
    assertThat(accepted(1, FIRST)).contains(X);
  }

  @Test
  void aMajorityOutOfReachOfTheAcceptBeginsANewRound() {
    proposer(3);
    proposer.start(SEQ, X);
    promise(0, FIRST, Optional.empty());
    promise(1, FIRST, Optional.empty());
    outbox.drain();

    proposer.acceptFailed(1, new Accept(SEQ, FIRST, X));
    proposer.acceptFailed(2, new Accept(SEQ, FIRST, X));
    proposer.tick(2);
    assertThat(outbox.drain()).contains(send(1, new Prepare(SEQ, SECOND)));
  }

  @Test
  void refusedAndUnreachableAddUp() {
    proposer(5);
    proposer.start(SEQ, X);
    outbox.drain();

    reject(1, FIRST, ballot(2, 1));
    proposer.prepareFailed(2, new Prepare(SEQ, FIRST));
    proposer.prepareFailed(1, new Prepare(SEQ, FIRST));
    proposer.tick(1);
    assertThat(outbox.drain()).isEmpty();

    proposer.prepareFailed(3, new Prepare(SEQ, FIRST));
    proposer.tick(2);
    assertThat(outbox.drain()).isEqualTo(prepareEffects(ballot(3, 0)));
  }

  @Test
  void theOwnAcceptorMayRefuseToo() {
    proposer(3);
    acceptor.onPrepare(new Prepare(SEQ, ballot(6, 1)));
    outbox.drain();

    proposer.start(SEQ, X);
    assertThat(outbox.drain())
        .isEqualTo(List.of(
            send(1, new Prepare(SEQ, FIRST)),
            send(2, new Prepare(SEQ, FIRST)),
            toSelf(new Reject(SEQ, FIRST, ballot(6, 1)))));
  }

  @Test
  void whatIsStoppedOrForgottenIsNotDrivenOn() {
    proposer(3);
    proposer.start(SEQ, X);
    proposer.start(SEQ + 1, Value.of("long value"));
    proposer.start(SEQ + 2, Y);
    proposer.stop(SEQ + 1);
    proposer.stop(SEQ + 1);
    assertThat(proposer.drivingBytes()).isEqualTo(2);

    proposer.forgetBelow(SEQ + 2);
    assertThat(proposer.isDriving(SEQ)).isFalse();
    assertThat(proposer.isDriving(SEQ + 2)).isTrue();
    assertThat(proposer.drivingBytes()).isEqualTo(1);
    outbox.drain();

    promise(1, FIRST, Optional.empty());
    promise(2, FIRST, Optional.empty());
    reject(1, FIRST, ballot(9, 1));
    proposer.prepareFailed(1, new Prepare(SEQ, FIRST));
    assertThat(accepted(1, FIRST)).isEmpty();
    assertThat(outbox.drain()).isEmpty();
  }

  private void proposer(int size) {
    peers = size;
    acceptor = new Acceptor(outbox, new DoneMarks(0, size), new Spilled());
    ReplicaConfig config = new ReplicaConfig(0, size, 1, 0);
    proposer = new Proposer(config, outbox, acceptor, new Retry(ZERO_DICE));
  }

  private void promise(int from, Ballot ballot, Optional<Vote> vote) {
    proposer.onPromise(from, new Promise(SEQ, ballot, vote));
  }

  private Optional<Value> accepted(int from, Ballot ballot) {
    return proposer.onAccepted(from, new Accepted(SEQ, ballot));
  }

  private void reject(int from, Ballot ballot, Ballot promise) {
    proposer.onReject(from, new Reject(SEQ, ballot, promise));
  }

  private List<Effect> prepareEffects(Ballot ballot) {
    List<Effect> effects = new ArrayList<>();
    for (int peer = 1; peer < peers; peer++) {
      effects.add(send(peer, new Prepare(SEQ, ballot)));
    }
    effects.add(promised(SEQ, ballot));
    effects.add(toSelf(new Promise(SEQ, ballot, Optional.empty())));
    return effects;
  }

  private List<Effect> acceptEffects(Ballot ballot, Value value) {
    List<Effect> effects = new ArrayList<>();
    for (int peer = 1; peer < peers; peer++) {
      effects.add(sendNow(peer, new Accept(SEQ, ballot, value)));
    }
    effects.add(voted(SEQ, ballot, value));
    effects.add(toSelf(new Accepted(SEQ, ballot)));
    return effects;
  }
}
