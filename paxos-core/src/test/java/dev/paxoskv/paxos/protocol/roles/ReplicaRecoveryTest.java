package dev.paxoskv.paxos.protocol.roles;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.DurableRecord;
import dev.paxoskv.paxos.protocol.DurableRecord.Decided;
import dev.paxoskv.paxos.protocol.DurableRecord.DoneMark;
import dev.paxoskv.paxos.protocol.DurableRecord.Faulty;
import dev.paxoskv.paxos.protocol.DurableRecord.Floor;
import dev.paxoskv.paxos.protocol.DurableRecord.Promised;
import dev.paxoskv.paxos.protocol.DurableRecord.RangePromised;
import dev.paxoskv.paxos.protocol.DurableRecord.SnapshotMark;
import dev.paxoskv.paxos.protocol.DurableRecord.Voted;
import dev.paxoskv.paxos.protocol.Member;
import dev.paxoskv.paxos.protocol.Message;
import dev.paxoskv.paxos.protocol.Message.Accept;
import dev.paxoskv.paxos.protocol.Message.Accepted;
import dev.paxoskv.paxos.protocol.Message.Fetched;
import dev.paxoskv.paxos.protocol.Message.Forgotten;
import dev.paxoskv.paxos.protocol.Message.Prepare;
import dev.paxoskv.paxos.protocol.Message.Promise;
import dev.paxoskv.paxos.protocol.Message.Reject;
import dev.paxoskv.paxos.protocol.Recovered;
import dev.paxoskv.paxos.protocol.Status;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.paxos.protocol.Vote;
import dev.paxoskv.paxos.protocol.members.Members;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A peer that goes on from what its journal kept. */
class ReplicaRecoveryTest {
  private static final Value X = Value.of("x");
  private static final Value Y = Value.of("y");

  private record Asker() implements Effect.Connection {}

  private static Ballot ballot(long round) {
    return new Ballot(round, 1, 1);
  }

  private static Replica replica(DurableRecord... records) {
    return new Replica(
        new ReplicaConfig(0, 3, 2, 0),
        new SplittableRandom(1),
        new Members(0, 3, Member.inMemory(2, "")),
        Recovered.of(List.of(records)));
  }

  private static List<Message> answers(Replica replica, Message.Request request) {
    replica.request(1, new Asker(), -1, request);
    List<Message> answers = new ArrayList<>();
    for (Effect effect : replica.outbox().drain()) {
      if (effect instanceof Effect.Reply reply) {
        answers.add(reply.message());
      }
    }
    return answers;
  }

  @Test
  void promisesAndVotesHold() {
    Replica replica =
        replica(new Promised(4, ballot(5)), new Voted(6, new Vote(ballot(3), X)), new Floor(2));

    assertThat(answers(replica, new Accept(4, ballot(4), Y)))
        .containsExactly(new Reject(4, ballot(4), ballot(5)));
    assertThat(answers(replica, new Prepare(6, ballot(7))))
        .containsExactly(new Promise(6, ballot(7), Optional.of(new Vote(ballot(3), X))));
    assertThat(answers(replica, new Prepare(1, ballot(9))))
        .containsExactly(new Forgotten(1, List.of(1L, 1L, 1L)));
    assertThat(replica.max()).isEqualTo(6);
    assertThat(replica.min()).isEqualTo(2);
  }

  @Test
  void decisionsAndMarksAreKnown() {
    Replica replica = replica(
        new Voted(0, new Vote(ballot(3), X)),
        new Decided(0, X.checksum(), Optional.empty()),
        new Decided(1, Y.checksum(), Optional.of(Y)),
        // Not its vote's value: the vote behind this record is not the one in the log.
        new Voted(2, new Vote(ballot(3), X)),
        new Decided(2, Y.checksum(), Optional.empty()),
        new DoneMark(0, 7),
        new DoneMark(1, 5));

    assertThat(replica.status(0)).isEqualTo(Status.decided(X));
    assertThat(replica.status(1)).isEqualTo(Status.decided(Y));
    assertThat(replica.status(2)).isEqualTo(Status.PENDING);
    assertThat(replica.firstMissing()).isEqualTo(2);
    assertThat(replica.outbox().isEmpty()).isTrue();
    assertThat(replica.doneRecords())
        .containsExactly(new DoneMark(0, -1), new DoneMark(1, 5), new DoneMark(2, -1));
  }

  @Test
  void belowASnapshotTheAcceptorForgetsThoughNotAllAreDone() {
    Replica replica = replica(new Voted(3, new Vote(ballot(3), X)), new SnapshotMark(3));

    assertThat(answers(replica, new Accept(3, ballot(9), Y)))
        .containsExactly(new Forgotten(3, List.of(-1L, -1L, -1L)));
    assertThat(replica.min()).isZero();
    assertThat(replica.firstMissing()).isEqualTo(4);
  }

  @Test
  void aSnapshotTakenIsRecordedAndHoldsAtOnce() {
    Replica replica = replica(new Voted(3, new Vote(ballot(3), X)));
    replica.snapshotTaken(3);
    replica.snapshotTaken(2);

    assertThat(replica.outbox().drain()).containsExactly(new Effect.Persist(new SnapshotMark(3)));
    assertThat(answers(replica, new Prepare(3, ballot(9)))).hasSize(1);
  }

  @Test
  void aFaultyInstanceAbstainsUntilItsDecisionIsLearnt() {
    Replica replica = replica(new Promised(4, ballot(1)), new Faulty(4));

    assertThat(answers(replica, new Prepare(4, ballot(9)))).isEmpty();
    assertThat(answers(replica, new Accept(4, ballot(9), Y))).isEmpty();
    assertThat(replica.faulty()).isEqualTo(1);

    replica.start(4, Y);
    assertThat(replica.outbox().drain())
        .as("asks the others and not itself")
        .noneMatch(Effect.ToSelf.class::isInstance)
        .hasSize(2);

    replica.answer(1, -1, new Fetched(List.of(new Message.Entry(4, X)), 4));
    replica.outbox().drain();
    assertThat(replica.faulty()).isZero();
    assertThat(answers(replica, new Accept(4, ballot(9), Y)))
        .containsExactly(new Fetched(List.of(new Message.Entry(4, X)), 4));
  }

  @Test
  void anotherInstanceThanTheFaultyOneIsAnswered() {
    Replica replica = replica(new Faulty(4));

    assertThat(answers(replica, new Accept(5, ballot(9), Y)))
        .containsExactly(new Accepted(5, ballot(9)));
  }

  @Test
  void theNextBallotIsAboveAllThatWasPromised() {
    assertThat(firstBallot(new Promised(4, ballot(5)))).isEqualTo(new Ballot(6, 0, 2));
    assertThat(firstBallot(new Promised(4, ballot(5)), new RangePromised(ballot(8))))
        .isEqualTo(new Ballot(9, 0, 2));
  }

  private static Ballot firstBallot(DurableRecord... records) {
    Replica replica = replica(records);
    replica.start(9, X);
    return replica.outbox().drain().stream()
        .filter(Effect.Send.class::isInstance)
        .map(effect -> ((Prepare) ((Effect.Send) effect).message()).ballot())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aDecisionIsKeptWithItsValueUnlessTheVoteHasIt() {
    Replica replica = replica(new Voted(3, new Vote(ballot(3), X)), new Floor(3));
    assertThat(replica.decidedRecord(new Effect.Decide(3, X)))
        .contains(new Decided(3, X.checksum(), Optional.empty()));
    assertThat(replica.decidedRecord(new Effect.Decide(3, Y)))
        .contains(new Decided(3, Y.checksum(), Optional.of(Y)));
    assertThat(replica.decidedRecord(new Effect.Decide(4, X)))
        .contains(new Decided(4, X.checksum(), Optional.of(X)));
    assertThat(replica.decidedRecord(new Effect.Decide(2, X))).isEmpty();
  }

  @Test
  void aReadOfOneAloneWaitsForItsOwnVotes() {
    Replica alone = new Replica(
        new ReplicaConfig(0, 1, 2, 0),
        new SplittableRandom(1),
        new Members(0, 1, Member.inMemory(2, "")),
        Recovered.of(List.of(new Voted(6, new Vote(ballot(3), X)))));
    Runnable answer = () -> {};
    alone.read(answer);
    alone.askForReads();
    assertThat(alone.outbox().drain()).isEqualTo(List.of(new Effect.Read(6, List.of(answer))));
    assertThat(alone.max()).isEqualTo(6);
  }
}
