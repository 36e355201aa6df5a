package dev.paxoskv.paxos.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.DurableRecord;
import dev.paxoskv.paxos.protocol.DurableRecord.RangePromised;
import dev.paxoskv.paxos.protocol.Envelope;
import dev.paxoskv.paxos.protocol.Message;
import dev.paxoskv.paxos.protocol.Message.Accept;
import dev.paxoskv.paxos.protocol.Message.Accepted;
import dev.paxoskv.paxos.protocol.Message.Fetch;
import dev.paxoskv.paxos.protocol.Message.Forgotten;
import dev.paxoskv.paxos.protocol.Message.PrepareRange;
import dev.paxoskv.paxos.protocol.Message.RangePromise;
import dev.paxoskv.paxos.protocol.Message.Reject;
import dev.paxoskv.paxos.protocol.Talk;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.paxos.protocol.Vote;
import dev.paxoskv.paxos.protocol.roles.Effect;
import dev.paxoskv.paxos.protocol.roles.Replica;
import dev.paxoskv.paxos.protocol.roles.ReplicaConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A leader's effects in their order, and what its own disk has to do with its reign. */
class HostLeaderTest {
  private static final Value X = Value.of("x");
  private static final Ballot MINE = new Ballot(1, 0, 1);
  private static final Ballot HIS = new Ballot(5, 1, 1);

  /** As long as the shortest wait before a takeover. */
  private static final int PATIENCE = 40;

  private record Sent(int peer, Message message) {}

  private final List<Object> log = new ArrayList<>();
  private final ManualJournal journal = new ManualJournal(log);

  private Host host(int peers) {
    Transport wire = new Transport() {
      @Override
      public void send(int peer, Envelope envelope) {
        boolean isIdleTalk =
            envelope.message() instanceof Talk.Ping || envelope.message() instanceof Fetch;
        if (!isIdleTalk) {
          log.add(new Sent(peer, envelope.message()));
        }
      }

      @Override
      public void reply(Effect.Connection connection, Envelope envelope) {
        throw new AssertionError("nobody asked");
      }

      @Override
      public void flush() {}
    };
    Replica replica = new Replica(new ReplicaConfig(0, peers, 1, 1000, true), () -> 0L);
    return new Host(replica, wire, journal, Optional.empty(), Observer.NONE);
  }

  private static void answer(Host host, int from, Message.Answer message) {
    host.answer(from, new Envelope(-1, message));
    host.flush();
  }

  private static void ticks(Host host, int ticks) {
    for (int i = 0; i < ticks; i++) {
      host.tick();
      host.flush();
    }
  }

  /** Peer 0 of three, to which 1 has promised everything. */
  private Host leader() {
    Host host = host(3);
    ticks(host, PATIENCE / 2);
    answer(host, 1, new Talk.Pong(PATIENCE / 2, false, false, true));
    ticks(host, PATIENCE / 2);
    assertThat(log)
        .containsExactly(
            new RangePromised(MINE),
            "sync",
            new Sent(1, new PrepareRange(MINE, 0)),
            new Sent(2, new PrepareRange(MINE, 0)));
    answer(host, 1, new RangePromise(MINE, 0, Long.MAX_VALUE, List.of()));
    assertThat(host.leader()).as("the own promise is not durable").isEqualTo(-1);
    journal.durable(1);
    host.flush();
    assertThat(host.leader()).isZero();
    log.clear();
    return host;
  }

  @Test
  void acceptsLeaveBeforeTheLeadersOwnSyncAndDoNotNeedIt() {
    Host host = leader();
    host.start(4, X);
    host.flush();
    Accept accept = new Accept(4, MINE, X);
    assertThat(log)
        .containsExactly(
            new Sent(1, accept),
            new Sent(2, accept),
            new DurableRecord.Voted(4, new Vote(MINE, X)),
            "sync");
    answer(host, 1, new Accepted(4, MINE));
    assertThat(host.status(4).isDecided()).as("the own vote is not durable").isFalse();
    answer(host, 2, new Accepted(4, MINE));
    assertThat(host.status(4).value()).contains(X);
  }

  @Test
  void aLeaderWhoseDiskHangsResigns() {
    Host host = host(1);
    ticks(host, PATIENCE);
    journal.durable(1);
    host.flush();
    assertThat(host.leader()).isZero();
    host.start(0, X);
    host.flush();
    ticks(host, 29);
    assertThat(host.leader()).isZero();
    ticks(host, 2);
    assertThat(host.leader()).isEqualTo(-1);
    journal.durable(2);
    ticks(host, 3 * PATIENCE);
    assertThat(log).contains(new RangePromised(new Ballot(2, 0, 1)));
  }

  @Test
  void aLeaderYieldsToARefusalForAllInstancesAndNotToOneForOne() {
    Host host = leader();
    host.start(4, X);
    host.flush();
    answer(host, 1, new Reject(4, MINE, HIS, false));
    assertThat(host.leader()).isZero();
    answer(host, 2, new Reject(4, MINE, HIS, true));
    assertThat(host.leader()).isEqualTo(-1);
  }

  /** The others have a snapshot of what it never learnt: it applies nothing before it has that. */
  @Test
  void aLeaderThatIsLeftBehindResignsAndDoesNotComeBackBefore() {
    Host host = leader();
    answer(host, 1, new Forgotten(0, List.of(-1L, -1L, -1L)));
    ticks(host, 1);
    assertThat(host.leader()).isEqualTo(-1);
    log.clear();
    for (int i = 0; i < 3 * PATIENCE; i++) {
      ticks(host, 1);
      answer(host, 1, new Talk.Pong(PATIENCE + 1 + i, false, false, true));
      answer(host, 1, new Forgotten(0, List.of(-1L, -1L, -1L)));
    }
    assertThat(log).doesNotHaveAnyElementsOfTypes(RangePromised.class).isNotEmpty();
  }

  @Test
  void aLeaderWithoutAMajorityOfAnswersResigns() {
    Host host = leader();
    ticks(host, 100);
    assertThat(host.leader()).isEqualTo(-1);
  }
}
