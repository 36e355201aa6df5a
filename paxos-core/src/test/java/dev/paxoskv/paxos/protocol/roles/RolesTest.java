package dev.paxoskv.paxos.protocol.roles;

import static dev.paxoskv.paxos.protocol.roles.Words.X;
import static dev.paxoskv.paxos.protocol.roles.Words.Y;
import static dev.paxoskv.paxos.protocol.roles.Words.ZERO_DICE;
import static dev.paxoskv.paxos.protocol.roles.Words.ballot;
import static dev.paxoskv.paxos.protocol.roles.Words.decide;
import static dev.paxoskv.paxos.protocol.roles.Words.vote;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.Member;
import dev.paxoskv.paxos.protocol.Message.Accept;
import dev.paxoskv.paxos.protocol.Message.Fetched;
import dev.paxoskv.paxos.protocol.Talk.News;
import dev.paxoskv.paxos.protocol.Talk.Span;
import dev.paxoskv.paxos.protocol.members.Members;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the roles of one peer owe each other. */
class RolesTest {
  private static final long SEQ = 7;
  private static final Ballot MID = ballot(5, 1);

  private final Roles roles = roles(0);

  private static Roles roles(int catchUpTicks) {
    return new Roles(
        new ReplicaConfig(0, 3, 1, catchUpTicks),
        ZERO_DICE,
        new Members(0, 3, Member.inMemory(1, "")));
  }

  @Test
  void aLeaderDoesNotProposeWhereItKnowsTheDecisionOrHasForgotten() {
    roles.learn(SEQ, X);
    assertThat(roles.outbox.drain()).isEqualTo(List.of(decide(SEQ, X)));
    roles.propose(SEQ, Y);
    roles.done.raiseFloor(3);
    roles.propose(2, Y);
    assertThat(roles.outbox.drain()).isEmpty();
    assertThat(roles.proposer.driving()).isZero();
    assertThat(roles.max).isEqualTo(SEQ);
    roles.propose(3, Y);
    roles.propose(SEQ + 1, Y);
    assertThat(roles.proposer.driving()).isEqualTo(2);
    assertThat(roles.max).isEqualTo(SEQ + 1);
  }

  @Test
  void whatIsForgottenIsNotLearntAgain() {
    roles.snapshotTaken(SEQ);
    roles.outbox.drain();
    roles.learn(SEQ, X);
    assertThat(roles.outbox.drain()).isEmpty();
    assertThat(roles.learner.isDecided(SEQ)).isFalse();
    roles.learn(SEQ + 1, X);
    assertThat(roles.outbox.drain()).isEqualTo(List.of(decide(SEQ + 1, X)));
  }

  @Test
  void aSnapshotFreesWhatEachRoleKept() {
    roles.acceptor.onAccept(new Accept(SEQ, MID, X));
    roles.learn(SEQ, X);
    roles.propose(SEQ - 1, Y);
    roles.snapshotTaken(SEQ);
    assertThat(roles.acceptor.vote(SEQ)).isEmpty();
    assertThat(roles.learner.bytes()).isZero();
    assertThat(roles.proposer.driving()).isZero();
    assertThat(roles.firstMissing()).isEqualTo(SEQ + 1);
  }

  @Test
  void aSpilledValueIsInNoRolesMemory() {
    roles.acceptor.onAccept(new Accept(SEQ, MID, X));
    roles.learn(SEQ, X);
    assertThat(roles.acceptor.vote(SEQ)).isEqualTo(vote(MID, X));
    roles.spill(SEQ);
    assertThat(roles.isSpilled(SEQ)).isTrue();
    assertThat(roles.acceptor.vote(SEQ)).isEmpty();
    assertThat(roles.learner.value(SEQ)).isEmpty();
    roles.lose(SEQ);
    assertThat(roles.isSpilled(SEQ)).isFalse();
    assertThat(roles.acceptor.abstains(SEQ)).isTrue();
  }

  @Test
  void readsAskTheOwnAcceptorToo() {
    roles.acceptor.onAccept(new Accept(SEQ, MID, X));
    assertThat(roles.accepted(Ballot.ZERO)).isEqualTo(SEQ);
    roles.answer(SEQ + 2, List.of());
    assertThat(roles.max).as("whoever fills holes does so up to there").isEqualTo(SEQ + 2);
  }

  @Test
  void newsAreTakenWithTheVoteOfThatBallotOnly() {
    roles.acceptor.onAccept(new Accept(SEQ, MID, X));
    roles.acceptor.onAccept(new Accept(SEQ + 1, ballot(4, 2), X));
    roles.outbox.drain();
    RequestRoutes requests = new RequestRoutes(roles);
    requests.onNews(1, new News(MID, List.of(new Span(SEQ, SEQ + 1))));
    assertThat(roles.learner.value(SEQ)).contains(X);
    assertThat(roles.learner.isDecided(SEQ + 1)).isFalse();
    assertThat(roles.max).isEqualTo(SEQ + 1);
  }

  /** Or it would propose where all is decided. */
  @Test
  void aLogsOwnerKnowsHowFarItReachesAndTheLibraryOnlyWhatItMet() {
    Roles store = roles(10);
    new AnswerRoutes(store).onFetched(1, new Fetched(List.of(), SEQ));
    assertThat(store.max).isEqualTo(SEQ);
    new AnswerRoutes(roles).onFetched(1, new Fetched(List.of(), SEQ));
    assertThat(roles.max).isEqualTo(-1);
  }
}
