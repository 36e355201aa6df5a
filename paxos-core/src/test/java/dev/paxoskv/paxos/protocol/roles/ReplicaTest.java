package dev.paxoskv.paxos.protocol.roles;

import static dev.paxoskv.paxos.protocol.roles.Words.ASKER;
import static dev.paxoskv.paxos.protocol.roles.Words.X;
import static dev.paxoskv.paxos.protocol.roles.Words.Y;
import static dev.paxoskv.paxos.protocol.roles.Words.Z;
import static dev.paxoskv.paxos.protocol.roles.Words.ZERO_DICE;
import static dev.paxoskv.paxos.protocol.roles.Words.ballot;
import static dev.paxoskv.paxos.protocol.roles.Words.decide;
import static dev.paxoskv.paxos.protocol.roles.Words.decided;
import static dev.paxoskv.paxos.protocol.roles.Words.fetched;
import static dev.paxoskv.paxos.protocol.roles.Words.floor;
import static dev.paxoskv.paxos.protocol.roles.Words.promised;
import static dev.paxoskv.paxos.protocol.roles.Words.reply;
import static dev.paxoskv.paxos.protocol.roles.Words.replyNow;
import static dev.paxoskv.paxos.protocol.roles.Words.send;
import static dev.paxoskv.paxos.protocol.roles.Words.sendNow;
import static dev.paxoskv.paxos.protocol.roles.Words.toSelf;
import static dev.paxoskv.paxos.protocol.roles.Words.vote;
import static dev.paxoskv.paxos.protocol.roles.Words.voted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.Envelope;
import dev.paxoskv.paxos.protocol.Message;
import dev.paxoskv.paxos.protocol.Message.Accept;
import dev.paxoskv.paxos.protocol.Message.Accepted;
import dev.paxoskv.paxos.protocol.Message.Entry;
import dev.paxoskv.paxos.protocol.Message.Fetch;
import dev.paxoskv.paxos.protocol.Message.Fetched;
import dev.paxoskv.paxos.protocol.Message.Forgotten;
import dev.paxoskv.paxos.protocol.Message.Prepare;
import dev.paxoskv.paxos.protocol.Message.Promise;
import dev.paxoskv.paxos.protocol.Message.Reject;
import dev.paxoskv.paxos.protocol.Status;
import dev.paxoskv.paxos.protocol.Value;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one peer, index 0 of three, does with each message in each state of the instance. */
class ReplicaTest {
  private static final long SEQ = 7;
  private static final Ballot LOW = ballot(3, 2);
  private static final Ballot MID = ballot(5, 1);
  private static final Ballot HIGH = ballot(6, 2);

  private final Replica replica = new Replica(new ReplicaConfig(0, 3, 1, 0), ZERO_DICE);

  @Test
  void unknownInstance() {
    assertThat(asked(new Prepare(SEQ, MID)))
        .isEqualTo(List.of(promised(SEQ, MID), reply(new Promise(SEQ, MID, Optional.empty()))));
    assertThat(asked(new Accept(SEQ + 1, MID, X)))
        .isEqualTo(List.of(voted(SEQ + 1, MID, X), reply(new Accepted(SEQ + 1, MID))));
    assertThat(asked(decided(SEQ + 2, MID, Y))).isEqualTo(List.of(decide(SEQ + 2, Y)));
    assertThat(asked(decided(SEQ + 3, Ballot.ZERO, Y))).isEqualTo(List.of(decide(SEQ + 3, Y)));
    assertThat(asked(new Fetch(SEQ, SEQ)))
        .isEqualTo(List.of(replyNow(new Fetched(List.of(), SEQ + 3))));
    assertThat(asked(new Message.Done())).isEmpty();
  }

  @Test
  void promisedInstance() {
    asked(new Prepare(SEQ, MID));

    assertThat(asked(new Prepare(SEQ, LOW)))
        .isEqualTo(List.of(replyNow(new Reject(SEQ, LOW, MID))));
    assertThat(asked(new Accept(SEQ, LOW, X)))
        .isEqualTo(List.of(replyNow(new Reject(SEQ, LOW, MID))));
    assertThat(asked(new Prepare(SEQ, MID)))
        .as("the answer was lost: no new record, but still through the gate")
        .isEqualTo(List.of(reply(new Promise(SEQ, MID, Optional.empty()))));
    assertThat(asked(decided(SEQ, MID)))
        .as("no vote at that ballot here: ask for the value")
        .isEqualTo(List.of(sendNow(1, new Fetch(SEQ, SEQ))));
    assertThat(replica.status(SEQ)).isEqualTo(Status.PENDING);
  }

  @Test
  void votedInstance() {
    asked(new Accept(SEQ, MID, X));

    assertThat(asked(new Accept(SEQ, MID, X))).isEqualTo(List.of(reply(new Accepted(SEQ, MID))));
    assertThat(asked(new Prepare(SEQ, MID)))
        .isEqualTo(List.of(replyNow(new Reject(SEQ, MID, MID))));
    assertThat(asked(new Prepare(SEQ, HIGH)))
        .isEqualTo(List.of(promised(SEQ, HIGH), reply(new Promise(SEQ, HIGH, vote(MID, X)))));
    assertThat(asked(new Fetch(SEQ, SEQ)))
        .as("a vote is no decision")
        .isEqualTo(List.of(replyNow(new Fetched(List.of(), SEQ))));
    assertThat(replica.status(SEQ)).isEqualTo(Status.PENDING);
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.2", "5.0", "5.1.0", "5.1.2", "6.2"})
  void decidedWithoutValueNeedsTheVoteAtExactlyThatBallot(String other) {
    asked(new Accept(SEQ, MID, X));

    assertThat(asked(decided(SEQ, ballot(other))))
        .isEqualTo(List.of(sendNow(1, new Fetch(SEQ, SEQ))));
    assertThat(asked(decided(SEQ, MID))).isEqualTo(List.of(decide(SEQ, X)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.0", "5.1", "9.2"})
  void decidedInstanceAnswersWithTheValueWhateverTheBallot(String number) {
    asked(new Accept(SEQ, MID, X));
    asked(decided(SEQ, MID));

    Ballot ballot = ballot(number);
    List<Effect> answer = List.of(replyNow(fetched(SEQ, X, SEQ)));
    assertThat(asked(new Prepare(SEQ, ballot))).isEqualTo(answer);
    assertThat(asked(new Accept(SEQ, ballot, Y))).isEqualTo(answer);
    assertThat(asked(new Fetch(SEQ, SEQ))).isEqualTo(answer);
    assertThat(asked(decided(SEQ, ballot, X))).isEmpty();
    assertThat(asked(decided(SEQ, ballot))).isEmpty();
    assertThat(replica.status(SEQ)).isEqualTo(Status.decided(X));
  }

  @Test
  void forgottenInstanceIsForgottenWhoeverAsks() {
    asked(new Accept(SEQ, MID, X));
    asked(decided(SEQ, MID));
    allDone(SEQ);

    List<Effect> answer = List.of(reply(new Forgotten(SEQ, List.of(SEQ, SEQ, SEQ))));
    for (Ballot ballot : List.of(LOW, MID, ballot(99, 2))) {
      assertThat(asked(new Prepare(SEQ, ballot))).isEqualTo(answer);
      assertThat(asked(new Accept(SEQ, ballot, Y))).isEqualTo(answer);
      assertThat(asked(decided(SEQ, ballot, Y))).isEmpty();
      assertThat(asked(decided(SEQ, ballot))).isEmpty();
    }
    assertThat(asked(new Fetch(SEQ, SEQ + 5))).isEqualTo(answer);
    assertThat(replica.status(SEQ)).isEqualTo(Status.FORGOTTEN);
    assertThat(replica.status(SEQ + 1)).isEqualTo(Status.PENDING);

    replica.start(SEQ, Z);
    assertThat(drain()).isEmpty();
    assertThat(replica.driving()).isZero();
  }

  @Test
  void startIsIgnoredIfDecidedOrDriving() {
    asked(decided(SEQ, MID, X));
    replica.start(SEQ, Y);
    assertThat(drain()).isEmpty();

    replica.start(SEQ + 1, Y);
    assertThat(drain()).isNotEmpty();
    replica.start(SEQ + 1, Z);
    assertThat(drain()).isEmpty();
    assertThat(replica.driving()).isEqualTo(1);
  }

  @Test
  void aRoundWithNobodyInTheWay() {
    Ballot mine = ballot(1, 0);
    replica.start(SEQ, X);
    assertThat(drain())
        .isEqualTo(List.of(
            send(1, new Prepare(SEQ, mine)),
            send(2, new Prepare(SEQ, mine)),
            promised(SEQ, mine),
            toSelf(new Promise(SEQ, mine, Optional.empty()))));

    assertThat(answered(0, new Promise(SEQ, mine, Optional.empty()))).isEmpty();
    assertThat(answered(2, new Promise(SEQ, mine, Optional.empty())))
        .isEqualTo(List.of(
            sendNow(1, new Accept(SEQ, mine, X)),
            sendNow(2, new Accept(SEQ, mine, X)),
            voted(SEQ, mine, X),
            toSelf(new Accepted(SEQ, mine))));

    assertThat(answered(1, new Accepted(SEQ, mine))).isEmpty();
    assertThat(answered(0, new Accepted(SEQ, mine)))
        .isEqualTo(List.of(
            sendNow(1, decided(SEQ, mine)), sendNow(2, decided(SEQ, mine, X)), decide(SEQ, X)));
    assertThat(answered(2, new Accepted(SEQ, mine))).as("one too many").isEmpty();
    assertThat(replica.status(SEQ)).isEqualTo(Status.decided(X));
    assertThat(replica.driving()).isZero();
  }

  @Test
  void ballotsOfOthersRaiseTheOwnNextOne() {
    asked(new Prepare(SEQ, ballot(8, 2)));
    asked(new Accept(SEQ + 1, ballot(11, 1), X));
    replica.start(SEQ + 2, X);
    assertThat(drain()).contains(send(1, new Prepare(SEQ + 2, ballot(12, 0))));
  }

  @Test
  void aLateProposerTellsAllButTheTeller() {
    replica.start(SEQ, X);
    drain();

    assertThat(answered(2, fetched(SEQ, Y, SEQ)))
        .isEqualTo(List.of(decide(SEQ, Y), sendNow(1, decided(SEQ, Ballot.ZERO, Y))));
    assertThat(answered(1, fetched(SEQ, Y, SEQ))).as("heard again").isEmpty();
    assertThat(replica.driving()).isZero();
  }

  @Test
  void whatItDoesNotDriveItLearnsInSilence() {
    assertThat(answered(2, new Fetched(List.of(new Entry(3, X), new Entry(5, Y)), 9)))
        .isEqualTo(List.of(decide(3, X), decide(5, Y)));
    assertThat(replica.max()).as("only what is proposed or decided counts").isEqualTo(5);
  }

  @Test
  void aProposalEndsWhenTheDecisionComesFromElsewhere() {
    replica.start(SEQ, X);
    drain();
    assertThat(asked(decided(SEQ, MID, Y))).isEqualTo(List.of(decide(SEQ, Y)));
    assertThat(ticks(1000)).isEmpty();
    assertThat(replica.driving()).isZero();
    assertThat(replica.drivingBytes()).isZero();
  }

  @Test
  void forgottenTellsTheMarksOfOthersButNotTheOwn() {
    replica.start(SEQ, X);
    replica.done(SEQ);
    drain();

    assertThat(answered(1, new Forgotten(SEQ, List.of(SEQ + 50, SEQ, SEQ + 1))))
        .isEqualTo(List.of(floor(SEQ + 1)));
    assertThat(replica.min()).isEqualTo(SEQ + 1);
    assertThat(replica.driving()).isZero();
    assertThat(ticks(100).stream().filter(e -> !isDone(e))).isEmpty();
  }

  @Test
  void minFollowsTheLeastMarkAndForgets() {
    asked(decided(0, MID, X));
    asked(decided(1, MID, Y));
    replica.done(1);
    assertThat(drain()).isEmpty();
    assertThat(asked(1, 5, new Message.Done())).isEmpty();
    assertThat(replica.min()).isZero();

    assertThat(asked(2, 0, new Message.Done())).isEqualTo(List.of(floor(1)));
    assertThat(replica.min()).isEqualTo(1);
    assertThat(replica.status(0)).isEqualTo(Status.FORGOTTEN);
    assertThat(replica.status(1)).isEqualTo(Status.decided(Y));

    replica.answer(2, 7, new Reject(SEQ, LOW, MID));
    assertThat(drain()).as("marks ride on answers too").isEqualTo(List.of(floor(2)));
    replica.done(0);
    assertThat(drain()).isEmpty();
    assertThat(replica.min()).isEqualTo(2);
  }

  @Test
  void theMarkOfARequestCountsBeforeTheRequestItself() {
    replica.done(SEQ);
    asked(2, SEQ, new Message.Done());
    assertThat(asked(1, SEQ, new Prepare(SEQ, MID)))
        .isEqualTo(List.of(floor(SEQ + 1), reply(new Forgotten(SEQ, List.of(SEQ, SEQ, SEQ)))));
  }

  @Test
  void maxCountsPrepareAcceptDecidedFetchedAndStart() {
    assertThat(replica.max()).isEqualTo(-1);
    asked(new Prepare(3, MID));
    assertThat(replica.max()).isEqualTo(3);
    asked(new Accept(5, MID, X));
    assertThat(replica.max()).isEqualTo(5);
    asked(decided(8, MID, X));
    assertThat(replica.max()).isEqualTo(8);
    asked(decided(9, MID));
    assertThat(replica.max()).isEqualTo(9);
    replica.start(12, X);
    assertThat(replica.max()).isEqualTo(12);
    answered(1, fetched(15, X, 99));
    assertThat(replica.max()).isEqualTo(15);

    asked(new Fetch(50, 60));
    answered(1, new Promise(70, MID, Optional.empty()));
    answered(1, new Reject(71, MID, HIGH));
    replica.done(80);
    replica.status(90);
    asked(new Prepare(2, MID));
    assertThat(replica.max()).isEqualTo(15);
    allDone(40);
    replica.start(30, X);
    assertThat(replica.max()).as("ignored below min").isEqualTo(15);
  }

  @Test
  void aMarkIsSentOnceToWhoHasNotHeardIt() {
    replica.done(4);
    replica.toSend(1, new Fetch(0, 0));
    assertThat(ticks(1)).isEqualTo(List.of(sendNow(2, new Message.Done())));
    assertThat(replica.toSend(2, new Message.Done()).done()).isEqualTo(4);
    assertThat(ticks(100)).isEmpty();

    replica.done(3);
    assertThat(ticks(100)).isEmpty();
    replica.done(5);
    assertThat(ticks(1))
        .isEqualTo(List.of(sendNow(1, new Message.Done()), sendNow(2, new Message.Done())));
  }

  @Test
  void anAnswerCarriesTheMarkButIsNotCountedOn() {
    replica.done(4);
    assertThat(replica.toReply(new Accepted(SEQ, MID)).done()).isEqualTo(4);
    assertThat(ticks(1))
        .isEqualTo(List.of(sendNow(1, new Message.Done()), sendNow(2, new Message.Done())));
  }

  @Test
  void anIdlePeerIsSilent() {
    asked(decided(SEQ, MID, X));
    asked(new Accept(SEQ + 1, MID, X));
    asked(new Prepare(SEQ + 2, MID));
    assertThat(ticks(10_000)).isEmpty();
  }

  @Test
  void aloneItSendsNothingAndAnswersItself() {
    Replica alone = new Replica(new ReplicaConfig(0, 1, 1, 50), ZERO_DICE);
    Ballot mine = ballot(1, 0);
    alone.start(0, X);
    assertThat(alone.outbox().drain())
        .isEqualTo(List.of(promised(0, mine), toSelf(new Promise(0, mine, Optional.empty()))));
    alone.answer(0, -1, new Promise(0, mine, Optional.empty()));
    assertThat(alone.outbox().drain())
        .isEqualTo(List.of(voted(0, mine, X), toSelf(new Accepted(0, mine))));
    alone.answer(0, -1, new Accepted(0, mine));
    assertThat(alone.outbox().drain()).isEqualTo(List.of(decide(0, X)));
    alone.done(0);
    assertThat(alone.outbox().drain()).isEqualTo(List.of(floor(1)));
  }

  @Test
  void sendFailedConcernsOnlyWhatIsDriven() {
    sendFailed(1, new Prepare(SEQ, ballot(1, 0)));
    sendFailed(1, decided(SEQ, MID));
    sendFailed(1, new Fetch(0, 1));
    sendFailed(1, new Message.Done());
    assertThat(drain()).isEmpty();

    replica.start(SEQ, X);
    drain();
    sendFailed(1, new Prepare(SEQ, ballot(1, 0)));
    sendFailed(2, new Prepare(SEQ, ballot(1, 0)));
    assertThat(ticks(1)).contains(send(1, new Prepare(SEQ, ballot(2, 0))));
    answered(1, new Promise(SEQ, ballot(2, 0), Optional.empty()));
    answered(2, new Promise(SEQ, ballot(2, 0), Optional.empty()));
    sendFailed(1, new Accept(SEQ, ballot(2, 0), X));
    sendFailed(2, new Accept(SEQ, ballot(2, 0), X));
    assertThat(ticks(4)).contains(send(1, new Prepare(SEQ, ballot(3, 0))));
  }

  @Test
  void countsWhatItDrivesAndWhatItKeeps() {
    replica.start(0, Value.of("four"));
    assertThat(replica.drivingBytes()).isEqualTo(4);
    assertThat(replica.firstMissing()).isZero();
    asked(decided(0, Ballot.ZERO, X));
    assertThat(replica.drivingBytes()).isZero();
    assertThat(replica.retainedBytes()).isEqualTo(1);
    assertThat(replica.firstMissing()).isEqualTo(1);
  }

  @Test
  void aMarkThatWasLostWithItsMessageIsSentAgainLater() {
    replica.done(0);
    assertThat(ticks(1)).contains(sendNow(1, new Message.Done()));
    replica.toSend(1, new Message.Done());
    replica.toSend(2, new Message.Done());
    sendFailed(1, new Message.Done());
    assertThat(ticks(99)).isEmpty();
    assertThat(ticks(1)).isEqualTo(List.of(sendNow(1, new Message.Done())));
  }

  @Test
  void theLowestInstanceThatIsKeptIsAnsweredForAndTheOneBelowIsNot() {
    asked(decided(0, Ballot.ZERO, X));
    asked(decided(1, Ballot.ZERO, Y));
    allDone(0);
    drain();
    assertThat(asked(new Fetch(1, 1)))
        .isEqualTo(List.of(replyNow(new Fetched(List.of(new Entry(1, Y)), 1))));
    assertThat(asked(new Fetch(0, 1)))
        .isEqualTo(List.of(reply(new Forgotten(0, List.of(0L, 0L, 0L)))));
    asked(new Prepare(2, MID));
    allDone(1);
    assertThat(asked(decided(2, Ballot.ZERO, Z))).contains(decide(2, Z));
  }

  @Test
  void oneValueThatWasWantedIsFollowedByTheQuestionForTheNext() {
    asked(decided(SEQ, MID));
    asked(decided(SEQ + 2, MID));
    assertThat(answered(1, fetched(SEQ, X, SEQ + 2)))
        .isEqualTo(List.of(decide(SEQ, X), sendNow(1, new Fetch(SEQ + 2, SEQ + 2))));
    assertThat(answered(1, fetched(SEQ + 2, Y, SEQ + 2))).isEqualTo(List.of(decide(SEQ + 2, Y)));
  }

  private void sendFailed(int peer, Message.Request message) {
    replica.sendFailed(peer, new Envelope(-1, message));
  }

  private static boolean isDone(Effect effect) {
    return effect instanceof Effect.Send send && send.message() instanceof Message.Done;
  }

  private List<Effect> asked(Message.Request request) {
    return asked(1, -1, request);
  }

  private List<Effect> asked(int from, long mark, Message.Request request) {
    replica.request(from, ASKER, mark, request);
    return drain();
  }

  private List<Effect> answered(int from, Message.Answer answer) {
    replica.answer(from, -1, answer);
    return drain();
  }

  private List<Effect> ticks(int count) {
    for (int i = 0; i < count; i++) {
      replica.tick();
    }
    return drain();
  }

  private List<Effect> drain() {
    return replica.outbox().drain();
  }

  private void allDone(long seq) {
    replica.done(seq);
    replica.request(1, ASKER, seq, new Message.Done());
    replica.request(2, ASKER, seq, new Message.Done());
    drain();
  }
}
