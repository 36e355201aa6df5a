package dev.paxoskv.paxos.protocol.roles;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.Message;
import dev.paxoskv.paxos.protocol.Talk.Forward;
import dev.paxoskv.paxos.protocol.Talk.Ping;
import dev.paxoskv.paxos.protocol.Talk.Pong;
import dev.paxoskv.paxos.protocol.Value;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which way a peer hands on what others, or its own clients, want proposed. */
class ForwardTest {
  private static final Ballot REIGN = new Ballot(3, 2, 1);
  private static final Value X = Value.of("x");

  private record Sent(int to, Message message) {}

  private record Asker() implements Effect.Connection {}

  private final Replica replica = new Replica(new ReplicaConfig(0, 3, 1, 10, true), () -> 0L);

  private List<Sent> sent() {
    return replica.outbox().drain().stream()
        .flatMap(effect -> effect instanceof Effect.Send send ? Stream.of(send) : Stream.empty())
        .filter(send -> !(send.message() instanceof Ping))
        .map(send -> new Sent(send.peer(), send.message()))
        .toList();
  }

  private void request(int from, Message.Request message) {
    replica.request(from, new Asker(), -1, message);
  }

  /** Peer 2 says that it leads, and perhaps answers as well. */
  private void hearLeader(boolean answers) {
    replica.tick();
    request(2, new Ping(1, REIGN));
    if (answers) {
      replica.answer(2, -1, new Pong(1, true, true, true));
    }
    sent();
  }

  @Test
  void aLeaderThatIsHeardAndAnswersIsTheWay() {
    hearLeader(true);
    assertThat(replica.way()).isEqualTo(2);
    replica.forward(2, X);
    assertThat(sent()).containsExactly(new Sent(2, new Forward(X, true)));
  }

  @Test
  void aLeaderThatDoesNotAnswerIsNoWay() {
    hearLeader(false);
    assertThat(replica.leader()).isEqualTo(2);
    assertThat(replica.way()).isEqualTo(-1);
  }

  @Test
  void aPeerThatReachesTheLeaderIsTheWayAndIsAskedWhatWasDecided() {
    hearLeader(false);
    replica.answer(1, -1, new Pong(1, true, true, true));
    assertThat(replica.way()).isEqualTo(1);
    assertThat(sent()).containsExactly(new Sent(1, new Message.Fetch(0, Long.MAX_VALUE)));
    replica.answer(1, -1, new Pong(1, true, false, true));
    assertThat(replica.way()).isEqualTo(-1);
    assertThat(sent()).isEmpty();
  }

  @Test
  void whatAPeerHandsOverIsPassedOnToTheLeaderOnce() {
    hearLeader(true);
    request(1, new Forward(X, true));
    assertThat(sent()).containsExactly(new Sent(2, new Forward(X, false)));
    assertThat(replica.inbox().isEmpty()).isTrue();
    request(1, new Forward(X, false));
    assertThat(sent()).isEmpty();
    assertThat(replica.inbox().take()).isEqualTo(X);
  }

  @Test
  void whatTheLeaderHandsOverDoesNotGoBackToIt() {
    hearLeader(true);
    request(2, new Forward(X, true));
    assertThat(sent()).isEmpty();
    assertThat(replica.inbox().take()).isEqualTo(X);
  }

  @Test
  void withoutALeaderWhatIsHandedOverStays() {
    request(1, new Forward(X, true));
    assertThat(sent()).isEmpty();
    assertThat(replica.inbox().take()).isEqualTo(X);
  }
}
