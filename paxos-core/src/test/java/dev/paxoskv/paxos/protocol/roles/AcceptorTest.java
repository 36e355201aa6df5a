package dev.paxoskv.paxos.protocol.roles;

import static dev.paxoskv.paxos.protocol.roles.Words.X;
import static dev.paxoskv.paxos.protocol.roles.Words.Y;
import static dev.paxoskv.paxos.protocol.roles.Words.ballot;
import static dev.paxoskv.paxos.protocol.roles.Words.floor;
import static dev.paxoskv.paxos.protocol.roles.Words.promised;
import static dev.paxoskv.paxos.protocol.roles.Words.vote;
import static dev.paxoskv.paxos.protocol.roles.Words.voted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.DurableRecord;
import dev.paxoskv.paxos.protocol.Invariants.InvariantViolation;
import dev.paxoskv.paxos.protocol.Message;
import dev.paxoskv.paxos.protocol.Message.Accept;
import dev.paxoskv.paxos.protocol.Message.Accepted;
import dev.paxoskv.paxos.protocol.Message.Forgotten;
import dev.paxoskv.paxos.protocol.Message.Prepare;
import dev.paxoskv.paxos.protocol.Message.Promise;
import dev.paxoskv.paxos.protocol.Message.Reject;
import dev.paxoskv.paxos.protocol.Recovered;
import dev.paxoskv.paxos.protocol.Vote;
import dev.paxoskv.paxos.protocol.history.Spilled;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The seed's acceptor, as tables: each state of an instance against each relation of the ballot
 * that comes in to the ballot 5.1 that was promised.
 *
 * <p>A ballot is written round.peer.incarnation; the incarnation is 1 if left out.
 */
class AcceptorTest {
  private static final long SEQ = 7;
  private static final Ballot OLD = ballot(3, 2);
  private static final Ballot MID = ballot(5, 1);
  private static final Ballot TOP = ballot(99, 0);

  private final Outbox outbox = new Outbox();
  private final DoneMarks done = new DoneMarks(0, 3);
  private final Acceptor acceptor = new Acceptor(outbox, done, new Spilled());

  /** What was accepted, and what was promised, before the message came. */
  private enum Before {
    UNKNOWN,
    PROMISED,
    VOTED_LOWER,
    VOTED_EQUAL,
    FORGOTTEN;

    Ballot promise() {
      return this == UNKNOWN || this == FORGOTTEN ? Ballot.ZERO : MID;
    }

    Optional<Vote> votes() {
      return switch (this) {
        case VOTED_LOWER -> vote(OLD, X);
        case VOTED_EQUAL -> vote(MID, X);
        default -> Optional.empty();
      };
    }
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      UNKNOWN     | 1.0   | promise
      UNKNOWN     | 9.2.0 | promise
      PROMISED    | 4.2   | reject
      PROMISED    | 5.0   | reject
      PROMISED    | 5.1.0 | reject
      PROMISED    | 5.1   | again
      PROMISED    | 5.1.2 | promise
      PROMISED    | 5.2   | promise
      PROMISED    | 6.0   | promise
      VOTED_LOWER | 3.2   | reject
      VOTED_LOWER | 4.2   | reject
      VOTED_LOWER | 5.0   | reject
      VOTED_LOWER | 5.1.0 | reject
      VOTED_LOWER | 5.1   | again
      VOTED_LOWER | 5.1.2 | promise
      VOTED_LOWER | 5.2   | promise
      VOTED_LOWER | 6.0   | promise
      VOTED_EQUAL | 4.2   | reject
      VOTED_EQUAL | 5.0   | reject
      VOTED_EQUAL | 5.1.0 | reject
      VOTED_EQUAL | 5.1   | reject
      VOTED_EQUAL | 5.1.2 | promise
      VOTED_EQUAL | 5.2   | promise
      VOTED_EQUAL | 6.0   | promise
      FORGOTTEN   | 4.0   | forgotten
      FORGOTTEN   | 5.1   | forgotten
      FORGOTTEN   | 99.2  | forgotten
      """)
  void prepare(Before before, String number, String outcome) {
    Ballot ballot = ballot(number);
    bring(before);

    Message.Answer answer = acceptor.onPrepare(new Prepare(SEQ, ballot));

    boolean isNew = outcome.equals("promise");
    assertThat(outbox.drain()).isEqualTo(isNew ? List.of(promised(SEQ, ballot)) : List.of());
    assertThat(answer)
        .isEqualTo(
            switch (outcome) {
              case "promise", "again" -> new Promise(SEQ, ballot, before.votes());
              case "reject" -> new Reject(SEQ, ballot, MID);
              default -> new Forgotten(SEQ, List.of(SEQ, SEQ, SEQ));
            });
    remembers(before, isNew ? ballot : before.promise(), before.votes());
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      UNKNOWN     | 1.0   | accepted
      UNKNOWN     | 9.2.0 | accepted
      PROMISED    | 4.2   | reject
      PROMISED    | 5.0   | reject
      PROMISED    | 5.1.0 | reject
      PROMISED    | 5.1   | accepted
      PROMISED    | 5.1.2 | accepted
      PROMISED    | 5.2   | accepted
      PROMISED    | 6.0   | accepted
      VOTED_LOWER | 3.2   | reject
      VOTED_LOWER | 4.2   | reject
      VOTED_LOWER | 5.0   | reject
      VOTED_LOWER | 5.1.0 | reject
      VOTED_LOWER | 5.1   | accepted
      VOTED_LOWER | 5.1.2 | accepted
      VOTED_LOWER | 5.2   | accepted
      VOTED_LOWER | 6.0   | accepted
      VOTED_EQUAL | 4.2   | reject
      VOTED_EQUAL | 5.0   | reject
      VOTED_EQUAL | 5.1.0 | reject
      VOTED_EQUAL | 5.1   | again
      VOTED_EQUAL | 5.1.2 | accepted
      VOTED_EQUAL | 5.2   | accepted
      VOTED_EQUAL | 6.0   | accepted
      FORGOTTEN   | 4.0   | forgotten
      FORGOTTEN   | 5.1   | forgotten
      FORGOTTEN   | 99.2  | forgotten
      """)
  void accept(Before before, String number, String outcome) {
    Ballot ballot = ballot(number);
    bring(before);

    Message.Answer answer = acceptor.onAccept(new Accept(SEQ, ballot, X));

    boolean isNew = outcome.equals("accepted");
    assertThat(outbox.drain()).isEqualTo(isNew ? List.of(voted(SEQ, ballot, X)) : List.of());
    assertThat(answer)
        .isEqualTo(
            switch (outcome) {
              case "accepted", "again" -> new Accepted(SEQ, ballot);
              case "reject" -> new Reject(SEQ, ballot, MID);
              default -> new Forgotten(SEQ, List.of(SEQ, SEQ, SEQ));
            });
    remembers(before, isNew ? ballot : before.promise(), isNew ? vote(ballot, X) : before.votes());
  }

  @Test
  void twoValuesUnderOneBallotStopThePeer() {
    acceptor.onAccept(new Accept(SEQ, MID, X));

    assertThatThrownBy(() -> acceptor.onAccept(new Accept(SEQ, MID, Y)))
        .isInstanceOf(InvariantViolation.class)
        .hasMessage("two values at ballot 5.1 of instance 7: x and y");
  }

  @Test
  void aHigherVoteReplacesTheLowerOne() {
    acceptor.onAccept(new Accept(SEQ, OLD, X));
    acceptor.onAccept(new Accept(SEQ, MID, Y));

    assertThat(acceptor.onPrepare(new Prepare(SEQ, TOP)))
        .isEqualTo(new Promise(SEQ, TOP, vote(MID, Y)));
  }

  @Test
  void instancesDoNotMix() {
    acceptor.onAccept(new Accept(SEQ, MID, X));

    assertThat(acceptor.onPrepare(new Prepare(SEQ + 1, OLD)))
        .isEqualTo(new Promise(SEQ + 1, OLD, Optional.empty()));
    assertThat(acceptor.onPrepare(new Prepare(SEQ - 1, OLD)))
        .isEqualTo(new Promise(SEQ - 1, OLD, Optional.empty()));
  }

  @Test
  void knowsItsVoteAtABallotOnlyIfItIsTheNewest() {
    acceptor.onAccept(new Accept(SEQ, OLD, X));
    assertThat(acceptor.valueAt(SEQ, OLD)).contains(X);

    acceptor.onAccept(new Accept(SEQ, MID, Y));
    assertThat(acceptor.valueAt(SEQ, OLD)).isEmpty();
    assertThat(acceptor.valueAt(SEQ, MID)).contains(Y);
    assertThat(acceptor.valueAt(SEQ, TOP)).isEmpty();
    assertThat(acceptor.valueAt(SEQ + 1, MID)).isEmpty();
  }

  @Test
  void forgettingKeepsWhatIsAtTheFloorAndAbove() {
    acceptor.onAccept(new Accept(SEQ - 1, MID, X));
    acceptor.onAccept(new Accept(SEQ, MID, Y));

    raiseAllTo(SEQ - 1);

    assertThat(acceptor.valueAt(SEQ - 1, MID)).isEmpty();
    assertThat(acceptor.valueAt(SEQ, MID)).contains(Y);
    assertThat(acceptor.onAccept(new Accept(SEQ - 1, TOP, X)))
        .isEqualTo(new Forgotten(SEQ - 1, List.of(SEQ - 1, SEQ - 1, SEQ - 1)));
    assertThat(acceptor.onPrepare(new Prepare(SEQ, TOP)))
        .isEqualTo(new Promise(SEQ, TOP, vote(MID, Y)));
  }

  @Test
  void theFloorItselfIsNoRecordOfTheAcceptor() {
    raiseAllTo(SEQ);
    assertThat(outbox.drain()).doesNotContain(floor(SEQ + 1)).isEmpty();
  }

  private void bring(Before before) {
    switch (before) {
      case UNKNOWN -> {}
      case PROMISED -> acceptor.onPrepare(new Prepare(SEQ, MID));
      case VOTED_LOWER -> {
        acceptor.onAccept(new Accept(SEQ, OLD, X));
        acceptor.onPrepare(new Prepare(SEQ, MID));
      }
      case VOTED_EQUAL -> acceptor.onAccept(new Accept(SEQ, MID, X));
      case FORGOTTEN -> {
        acceptor.onAccept(new Accept(SEQ, MID, X));
        raiseAllTo(SEQ);
      }
    }
    outbox.drain();
  }

  private void raiseAllTo(long seq) {
    for (int peer = 0; peer < 3; peer++) {
      done.raise(peer, seq);
    }
    acceptor.forget();
  }

  /** Looks inside by asking: a low Prepare tells the promise, a high one the vote. */
  private void remembers(Before before, Ballot promise, Optional<Vote> vote) {
    if (before == Before.FORGOTTEN) {
      assertThat(acceptor.valueAt(SEQ, MID)).isEmpty();
      return;
    }
    Ballot low = new Ballot(0, 0, 0);
    assertThat(acceptor.onPrepare(new Prepare(SEQ, low))).isEqualTo(new Reject(SEQ, low, promise));
    assertThat(acceptor.onPrepare(new Prepare(SEQ, TOP))).isEqualTo(new Promise(SEQ, TOP, vote));
  }

  @Test
  void tellsHowFarUpItHasAcceptedButForTheLeadersOwn() {
    acceptor.onAccept(new Message.Accept(SEQ, OLD, X));
    assertThat(acceptor.accepted(Ballot.ZERO)).isEqualTo(SEQ);
    acceptor.onPrepareRange(new Message.PrepareRange(MID, 0), new TreeMap<>());
    acceptor.onAccept(new Message.Accept(SEQ + 2, MID, X));
    assertThat(acceptor.accepted(MID)).isEqualTo(SEQ);
    assertThat(acceptor.accepted(OLD)).isEqualTo(SEQ + 2);
    assertThat(acceptor.accepted(Ballot.ZERO)).isEqualTo(SEQ + 2);

    acceptor.onAccept(new Message.Accept(SEQ + 1, TOP, X));
    assertThat(acceptor.accepted(MID)).isEqualTo(SEQ + 1);
    done.raiseFloor(SEQ + 10);
    acceptor.forget();
    assertThat(acceptor.accepted(MID)).isEqualTo(SEQ + 9);
  }

  @Test
  void tellsAfterARestartHowFarUpItEverAccepted() {
    Recovered recovered = Recovered.of(List.of(
        new DurableRecord.RangePromised(MID),
        new DurableRecord.Voted(SEQ, new Vote(OLD, X)),
        new DurableRecord.Voted(SEQ + 1, new Vote(MID, X))));
    acceptor.recover(recovered);
    assertThat(acceptor.accepted(MID)).isEqualTo(SEQ);
    assertThat(acceptor.accepted(Ballot.ZERO)).isEqualTo(SEQ + 1);

    recovered.add(new DurableRecord.Faulty(SEQ + 3));
    Acceptor damaged = new Acceptor(outbox, done, new Spilled());
    damaged.recover(recovered);
    damaged.mend(SEQ + 3);
    assertThat(damaged.accepted(MID)).isEqualTo(SEQ + 3);

    // A vote was lost, and then the decision learnt: there was one all the same.
    recovered.add(new DurableRecord.Faulty(SEQ + 4));
    recovered.add(new DurableRecord.Decided(SEQ + 4, X.checksum(), Optional.of(X)));
    Acceptor mended = new Acceptor(outbox, done, new Spilled());
    mended.recover(recovered);
    assertThat(mended.accepted(MID)).isEqualTo(SEQ + 4);

    recovered.spill(SEQ + 5);
    Acceptor spilled = new Acceptor(outbox, done, new Spilled());
    spilled.recover(recovered);
    assertThat(spilled.accepted(MID)).isEqualTo(SEQ + 5);
  }

  @Test
  void aLostVoteCountsAlsoWhereNobodyWasPromisedAll() {
    acceptor.recover(Recovered.of(List.of(new DurableRecord.Faulty(SEQ))));
    assertThat(acceptor.accepted(Ballot.ZERO)).isEqualTo(SEQ);
    assertThat(acceptor.accepted(MID)).isEqualTo(SEQ);
    assertThat(acceptor.faulty()).isEqualTo(1);
    raiseAllTo(SEQ);
    assertThat(acceptor.faulty()).as("forgotten with its instance").isZero();
  }

  @Test
  void saysNothingWhereTheVoteIsNotInMemory() {
    Spilled values = new Spilled();
    Acceptor other = new Acceptor(outbox, done, values);
    other.onAccept(new Accept(SEQ, MID, X));
    assertThat(other.abstains(SEQ)).isFalse();
    values.add(SEQ);
    other.spill(SEQ);
    assertThat(other.abstains(SEQ)).isTrue();
    assertThatThrownBy(() -> other.onPrepare(new Prepare(SEQ, TOP)))
        .isInstanceOf(InvariantViolation.class)
        .hasMessageContaining("vote of instance " + SEQ + " is lost");
    assertThatThrownBy(() -> other.onAccept(new Accept(SEQ, TOP, X)))
        .isInstanceOf(InvariantViolation.class)
        .hasMessageContaining("vote of instance " + SEQ + " is lost");
  }
}
