package dev.paxoskv.paxos.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.DurableRecord;
import dev.paxoskv.paxos.protocol.Member;
import dev.paxoskv.paxos.protocol.Message;
import dev.paxoskv.paxos.protocol.Message.Accept;
import dev.paxoskv.paxos.protocol.Message.Done;
import dev.paxoskv.paxos.protocol.Message.Fetch;
import dev.paxoskv.paxos.protocol.Message.Prepare;
import dev.paxoskv.paxos.protocol.Message.PrepareRange;
import dev.paxoskv.paxos.protocol.Recovered;
import dev.paxoskv.paxos.protocol.Talk.Ping;
import dev.paxoskv.paxos.protocol.Talk.Pull;
import dev.paxoskv.paxos.protocol.Talk.ReadCheck;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.paxos.protocol.members.Members;
import dev.paxoskv.paxos.protocol.roles.Effect;
import dev.paxoskv.paxos.protocol.roles.Replica;
import dev.paxoskv.paxos.protocol.roles.ReplicaConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;

/** What a peer does not hear while it may not vote, and what its own application must wait with. */
class VotingGateTest {
  private static final Ballot B = new Ballot(3, 1, 1);
  private static final Value X = Value.of("x");
  private static final Value Y = Value.of("yy");
  private static final List<Message.Request> VOTES =
      List.of(new Prepare(4, B), new PrepareRange(B, 4), new Accept(4, B, X));
  private static final List<Message.Request> OF_MEMBERS =
      List.of(new ReadCheck(1, Ballot.ZERO), new Pull(-1, 0, 0, 1));
  private static final List<Message.Request> FREE =
      List.of(new Fetch(0, 9), new Ping(1, Ballot.ZERO), new Done());

  private final List<Message.Request> dropped = new ArrayList<>();
  private final Members members = new Members(0, 3, new Member("id", 1, "boot"));
  private final Replica replica = new Replica(
      new ReplicaConfig(0, 3, 1, 0),
      () -> 0L,
      members,
      Recovered.of(List.of(new DurableRecord.Floor(2))));
  private boolean hasRoom = true;

  private final Journal journal = new Journal() {
    @Override
    public long append(DurableRecord record) {
      throw new AssertionError("nothing is written here");
    }

    @Override
    public void sync(LongConsumer durable) {
      throw new AssertionError("nothing is written here");
    }

    @Override
    public boolean hasRoomForVotes() {
      return hasRoom;
    }
  };

  private final VotingGate gate = new VotingGate(replica, journal, new Observer() {
    @Override
    public void unanswered(int from, Message.Request request) {
      dropped.add(request);
    }
  });

  private void lets(boolean isLet, List<Message.Request> requests) {
    dropped.clear();
    for (Message.Request request : requests) {
      assertThat(gate.lets(1, request)).as("%s", request).isEqualTo(isLet);
    }
    assertThat(dropped).isEqualTo(isLet ? List.of() : requests);
  }

  @Test
  void whoIsNotKnownHearsOnlyWhatPromisesNothing() {
    lets(false, VOTES);
    lets(false, OF_MEMBERS);
    lets(true, FREE);
    hasRoom = false;
    lets(false, VOTES);
    lets(false, OF_MEMBERS);
    lets(true, FREE);
  }

  @Test
  void whoHasNoRoomTellsAndGivesButDoesNotVote() {
    becomeKnown();
    hasRoom = false;
    lets(false, VOTES);
    lets(true, OF_MEMBERS);
    lets(true, FREE);
    hasRoom = true;
    lets(true, VOTES);
    lets(true, OF_MEMBERS);
    lets(true, FREE);
  }

  @Test
  void theFirstValueOfAnInstanceWaitsUntilItMayBeProposed() {
    gate.start(1, X);
    gate.start(2, X);
    gate.start(2, Y);
    gate.start(5, Y);
    gate.release();
    assertThat(gate.waiting()).as("below the floor there is nothing to start").isEqualTo(2);
    assertThat(gate.waitingBytes()).isEqualTo(3);
    assertThat(gate.max()).isEqualTo(5);
    assertThat(replica.driving()).isZero();
    becomeKnown();
    hasRoom = false;
    gate.release();
    assertThat(replica.driving()).isZero();
    hasRoom = true;
    gate.release();
    assertThat(replica.driving()).isEqualTo(2);
    assertThat(replica.drivingBytes()).isEqualTo(3);
    assertThat(gate.waiting()).isZero();
    assertThat(gate.waitingBytes()).isZero();
  }

  @Test
  void readsAskOnlyOnceThePeerIsKnownButNeedNoRoom() {
    Runnable answer = () -> {};
    replica.read(answer);
    hasRoom = false;
    gate.release();
    assertThat(replica.outbox().drain()).isEmpty();
    becomeKnown();
    gate.release();
    ReadCheck question = new ReadCheck(1, Ballot.ZERO);
    assertThat(replica.outbox().drain())
        .isEqualTo(
            List.of(new Effect.Send(1, question, false), new Effect.Send(2, question, false)));
  }

  private void becomeKnown() {
    members.accepted(1);
    members.accepted(2);
  }
}
