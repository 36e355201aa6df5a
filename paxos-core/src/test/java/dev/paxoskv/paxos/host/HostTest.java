package dev.paxoskv.paxos.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.DurableRecord.Floor;
import dev.paxoskv.paxos.protocol.DurableRecord.Promised;
import dev.paxoskv.paxos.protocol.DurableRecord.Voted;
import dev.paxoskv.paxos.protocol.Envelope;
import dev.paxoskv.paxos.protocol.Invariants.InvariantViolation;
import dev.paxoskv.paxos.protocol.Message;
import dev.paxoskv.paxos.protocol.Message.Accept;
import dev.paxoskv.paxos.protocol.Message.Accepted;
import dev.paxoskv.paxos.protocol.Message.Decided;
import dev.paxoskv.paxos.protocol.Message.Fetch;
import dev.paxoskv.paxos.protocol.Message.Fetched;
import dev.paxoskv.paxos.protocol.Message.Forgotten;
import dev.paxoskv.paxos.protocol.Message.Prepare;
import dev.paxoskv.paxos.protocol.Message.Promise;
import dev.paxoskv.paxos.protocol.Message.Reject;
import dev.paxoskv.paxos.protocol.Status;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.paxos.protocol.Vote;
import dev.paxoskv.paxos.protocol.roles.Effect;
import dev.paxoskv.paxos.protocol.roles.Replica;
import dev.paxoskv.paxos.protocol.roles.ReplicaConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * The one legal order of effects, read off one log that the journal, the network and the state
 * machine all write to. The disk is done when a test says so.
 */
class HostTest {
  private static final Value X = Value.of("x");
  private static final Value Y = Value.of("y");
  private static final Ballot MINE = new Ballot(1, 0, 1);
  private static final Ballot HIS = new Ballot(5, 1, 1);

  private record Sent(int peer, long done, Message message) {}

  private record Replied(Effect.Connection to, long done, Message message) {}

  private record Applied(long seq, Value value) {}

  private record Asker(int peer) implements Effect.Connection {}

  private final List<Object> log = new ArrayList<>();
  private final ManualJournal journal = new ManualJournal(log);
  private long machineDone = -1;
  private Host host = host(3, Optional.empty());

  @Test
  void ungatedThenAppendThenOneSyncThenGatedWhenDurable() {
    host.start(4, X);
    host.flush();
    Prepare prepare = new Prepare(4, MINE);
    assertThat(taken())
        .as("a Prepare waits for what was appended before it was made: nothing")
        .isEqualTo(List.of(
            new Promised(4, MINE),
            "sync",
            new Sent(1, -1, prepare),
            new Sent(2, -1, prepare),
            "flush"));

    answer(1, new Promise(4, MINE, Optional.empty()));
    assertThat(taken()).as("the own promise is not durable").isEqualTo(List.of("flush"));

    journal.durable(1);
    host.flush();
    Accept accept = new Accept(4, MINE, X);
    assertThat(taken())
        .as("the Accept is ungated: it leaves before the own record is appended")
        .isEqualTo(List.of(
            new Sent(1, -1, accept),
            new Sent(2, -1, accept),
            new Voted(4, new Vote(MINE, X)),
            "sync",
            "flush"));
  }

  @Test
  void theOwnVoteCountsWhenItIsDurableAndNotBefore() {
    drivenToAccept();
    answer(1, new Accepted(4, MINE));
    assertThat(taken()).isEqualTo(List.of("flush"));
    assertThat(host.status(4)).isEqualTo(Status.PENDING);

    journal.durable(2);
    assertThat(host.status(4)).as("durable takes effect at flush").isEqualTo(Status.PENDING);
    host.flush();
    assertThat(taken())
        .isEqualTo(List.of(
            new Sent(1, -1, new Decided(4, MINE, Optional.empty())),
            new Sent(2, -1, new Decided(4, MINE, Optional.of(X))),
            "decided 4 = x",
            "flush"));
    assertThat(host.status(4)).isEqualTo(Status.decided(X));
  }

  @Test
  void twoOthersDecideWithoutTheOwnDisk() {
    drivenToAccept();
    answer(1, new Accepted(4, MINE));
    answer(2, new Accepted(4, MINE));
    assertThat(host.status(4)).isEqualTo(Status.decided(X));
    assertThat(taken()).contains(new Sent(2, -1, new Decided(4, MINE, Optional.empty())));

    journal.durable(2);
    host.flush();
    assertThat(taken()).as("the own vote comes too late").isEqualTo(List.of("flush"));
  }

  @Test
  void aRepeatedAcceptIsNotAnsweredBeforeTheFirstOnesRecordIsDurable() {
    Accept accept = new Accept(4, HIS, X);
    request(1, accept);
    assertThat(taken()).isEqualTo(List.of(new Voted(4, new Vote(HIS, X)), "sync", "flush"));

    request(1, accept);
    assertThat(taken()).as("it appended nothing, and still waits").isEqualTo(List.of("flush"));

    journal.durable(1);
    host.flush();
    Replied accepted = new Replied(new Asker(1), -1, new Accepted(4, HIS));
    assertThat(taken()).isEqualTo(List.of(accepted, accepted, "flush"));
  }

  @Test
  void aRepeatedPrepareWaitsLikewise() {
    request(1, new Prepare(4, HIS));
    request(1, new Prepare(4, HIS));
    assertThat(taken()).isEqualTo(List.of(new Promised(4, HIS), "sync", "flush", "flush"));

    journal.durable(1);
    host.flush();
    Replied promise = new Replied(new Asker(1), -1, new Promise(4, HIS, Optional.empty()));
    assertThat(taken()).isEqualTo(List.of(promise, promise, "flush"));
  }

  @Test
  void gatedEffectsWaitForEarlierRecordsOfOtherInstancesToo() {
    request(1, new Accept(4, HIS, X));
    request(2, new Accept(5, HIS, Y));
    request(1, new Accept(4, HIS, X));
    log.clear();

    journal.durable(1);
    host.flush();
    assertThat(taken())
        .isEqualTo(List.of(new Replied(new Asker(1), -1, new Accepted(4, HIS)), "flush"));
    journal.durable(2);
    host.flush();
    assertThat(taken())
        .isEqualTo(List.of(
            new Replied(new Asker(2), -1, new Accepted(5, HIS)),
            new Replied(new Asker(1), -1, new Accepted(4, HIS)),
            "flush"));
  }

  @Test
  void severalInputsShareOneSync() {
    for (int seq = 0; seq < 5; seq++) {
      host.request(1, new Asker(1), new Envelope(-1, new Accept(seq, HIS, X)));
    }
    host.flush();
    List<Object> expected = new ArrayList<>();
    for (int seq = 0; seq < 5; seq++) {
      expected.add(new Voted(seq, new Vote(HIS, X)));
    }
    expected.add("sync");
    expected.add("flush");
    assertThat(taken()).isEqualTo(expected);

    journal.durable(5);
    host.flush();
    assertThat(taken()).hasSize(6).last().isEqualTo("flush");
  }

  @Test
  void rejectAndFetchedDoNotWaitForTheDisk() {
    request(1, new Prepare(4, HIS));
    log.clear();
    request(2, new Prepare(4, MINE));
    request(2, new Fetch(0, 9));
    assertThat(taken())
        .isEqualTo(List.of(
            new Replied(new Asker(2), -1, new Reject(4, MINE, HIS)),
            "flush",
            new Replied(new Asker(2), -1, new Fetched(List.of(), 4)),
            "flush"));
  }

  @Test
  void ungatedRepliesLeaveBeforeRecordsAreAppended() {
    host.request(1, new Asker(1), new Envelope(-1, new Prepare(4, HIS)));
    host.request(2, new Asker(2), new Envelope(-1, new Prepare(4, MINE)));
    host.flush();
    assertThat(taken())
        .isEqualTo(List.of(
            new Replied(new Asker(2), -1, new Reject(4, MINE, HIS)),
            new Promised(4, HIS),
            "sync",
            "flush"));
  }

  @Test
  void appliesInOrderWithoutGaps() {
    host = host(3, Optional.of(machine()));
    decided(1, Y);
    decided(3, X);
    assertThat(host.applied()).isEqualTo(-1);
    decided(0, X);
    decided(0, X);
    assertThat(host.applied()).isEqualTo(1);
    decided(2, Y);
    assertThat(log.stream().filter(Applied.class::isInstance))
        .isEqualTo(
            List.of(new Applied(0, X), new Applied(1, Y), new Applied(2, Y), new Applied(3, X)));
    assertThat(host.applied()).isEqualTo(3);
  }

  @Test
  void whatTheMachineIsDoneWithRaisesTheMarkAndTheFloor() {
    host = host(3, Optional.of(machine()));
    machineDone = 0;
    host.request(1, new Asker(1), new Envelope(5, new Decided(0, HIS, Optional.of(X))));
    host.request(2, new Asker(2), new Envelope(5, new Message.Done()));
    host.flush();

    assertThat(taken())
        .isEqualTo(List.of("decided 0 = x", new Applied(0, X), new Floor(1), "flush"));
    assertThat(host.min()).isEqualTo(1);
    assertThat(host.status(0)).isEqualTo(Status.FORGOTTEN);

    request(1, new Prepare(0, HIS));
    assertThat(taken()).as("Forgotten waits for the record").isEqualTo(List.of("sync", "flush"));
    journal.durable(1);
    host.flush();
    Forgotten forgotten = new Forgotten(0, List.of(0L, 5L, 5L));
    assertThat(taken()).isEqualTo(List.of(new Replied(new Asker(1), 0, forgotten), "flush"));
  }

  @Test
  void theMarkLeavesOnTheNextTickAndOnlyOnce() {
    host.done(3);
    host.flush();
    assertThat(taken()).isEqualTo(List.of("flush"));
    host.tick();
    host.flush();
    Message done = new Message.Done();
    assertThat(taken()).isEqualTo(List.of(new Sent(1, 3, done), new Sent(2, 3, done), "flush"));
    host.tick();
    host.flush();
    assertThat(taken()).isEqualTo(List.of("flush"));
  }

  @Test
  void theMarkLeavesOnARequestIfOneIsDue() {
    host.done(3);
    host.start(4, X);
    host.tick();
    host.flush();
    assertThat(taken()).contains(new Sent(1, 3, new Prepare(4, MINE)));
    host.tick();
    host.flush();
    assertThat(taken()).isEqualTo(List.of("flush"));
  }

  @Test
  void aDiskThatClaimsTooMuchStopsThePeer() {
    request(1, new Accept(4, HIS, X));
    assertThatThrownBy(() -> journal.durable(2))
        .isInstanceOf(InvariantViolation.class)
        .hasMessage("durable at 2 but appended only 1");
  }

  @Test
  void reportsThatComeLateOrTwiceDoNotTakeBack() {
    request(1, new Accept(4, HIS, X));
    request(1, new Accept(5, HIS, X));
    journal.durable(2);
    journal.durable(1);
    log.clear();
    host.flush();
    assertThat(taken()).hasSize(3);
  }

  @Test
  void aloneWithAMemoryJournalOneFlushDecides() {
    MemoryJournal memory = new MemoryJournal();
    Host alone = new Host(
        new Replica(new ReplicaConfig(0, 1, 1, 0), () -> 0L),
        network(),
        memory,
        Optional.of(machine()),
        Observer.NONE);
    alone.start(0, X);
    alone.start(1, Y);
    alone.flush();
    assertThat(alone.applied()).isEqualTo(1);
    assertThat(taken()).isEqualTo(List.of(new Applied(0, X), new Applied(1, Y), "flush"));
    assertThat(alone.driving()).isZero();
    assertThat(memory.records()).hasSize(4);

    alone.done(0);
    alone.flush();
    Ballot second = new Ballot(2, 0, 1);
    assertThat(memory.records())
        .isEqualTo(List.of(new Promised(1, second), new Voted(1, new Vote(second, Y))));
  }

  private void drivenToAccept() {
    host.start(4, X);
    host.flush();
    journal.durable(1);
    answer(1, new Promise(4, MINE, Optional.empty()));
    assertThat(log).contains(new Sent(1, -1, new Accept(4, MINE, X)));
    log.clear();
  }

  private void request(int from, Message.Request request) {
    host.request(from, new Asker(from), new Envelope(-1, request));
    host.flush();
  }

  private void answer(int from, Message.Answer answer) {
    host.answer(from, new Envelope(-1, answer));
    host.flush();
  }

  private void decided(long seq, Value value) {
    request(1, new Decided(seq, HIS, Optional.of(value)));
  }

  private List<Object> taken() {
    List<Object> taken = new ArrayList<>(log);
    log.clear();
    return taken;
  }

  private Host host(int peers, Optional<StateMachine> machine) {
    Replica replica = new Replica(new ReplicaConfig(0, peers, 1, 0), () -> 0L);
    Observer observer = new Observer() {
      @Override
      public void decided(long seq, Value value) {
        log.add("decided " + seq + " = " + value);
      }
    };
    return new Host(replica, network(), journal, machine, observer);
  }

  private StateMachine machine() {
    return new StateMachine() {
      @Override
      public void apply(long seq, Value value) {
        log.add(new Applied(seq, value));
      }

      @Override
      public long done() {
        return machineDone;
      }
    };
  }

  private Transport network() {
    return new Transport() {
      @Override
      public void send(int peer, Envelope envelope) {
        log.add(new Sent(peer, envelope.done(), envelope.message()));
      }

      @Override
      public void reply(Effect.Connection connection, Envelope envelope) {
        log.add(new Replied(connection, envelope.done(), envelope.message()));
      }

      @Override
      public void flush() {
        log.add("flush");
      }
    };
  }
}
