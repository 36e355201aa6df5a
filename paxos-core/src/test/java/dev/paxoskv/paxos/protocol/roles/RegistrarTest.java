package dev.paxoskv.paxos.protocol.roles;

import static dev.paxoskv.paxos.protocol.roles.Words.persist;
import static dev.paxoskv.paxos.protocol.roles.Words.sendNow;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.paxos.protocol.DurableRecord;
import dev.paxoskv.paxos.protocol.Member;
import dev.paxoskv.paxos.protocol.Message.NotRegistered;
import dev.paxoskv.paxos.protocol.Message.Register;
import dev.paxoskv.paxos.protocol.Message.Registered;
import dev.paxoskv.paxos.protocol.members.Members;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whom a peer with a directory asks to record it, how often, and whose answer counts. */
class RegistrarTest {
  private static final Member SELF = new Member("id", 2, "boot");
  private static final Member EARLIER = new Member("id", 1, "before");
  private static final Effect OWN = persist(new DurableRecord.Registered(0, "id", 2));

  private final Outbox outbox = new Outbox();

  private Registrar registrar(int peers) {
    return new Registrar(0, outbox, new Members(0, peers, SELF));
  }

  private static Effect ask(int peer) {
    return sendNow(peer, new Register(SELF, 0));
  }

  @Test
  void asksThoseWhoOweAWordLessOftenOnceItMayVote() {
    Registrar registrar = registrar(5);
    registrar.tick(1);
    assertThat(outbox.drain()).isEqualTo(List.of(ask(1), ask(2), ask(3), ask(4)));
    registrar.tick(Registrar.WAITING_TICKS);
    assertThat(outbox.drain()).isEmpty();
    for (int peer = 1; peer <= 3; peer++) {
      registrar.onRegistered(peer, new Registered(SELF));
    }
    outbox.drain();
    registrar.tick(1 + Registrar.WAITING_TICKS);
    assertThat(outbox.drain()).isEqualTo(List.of(ask(4)));
    registrar.tick(Registrar.WAITING_TICKS + Registrar.SETTLED_TICKS);
    assertThat(outbox.drain()).isEmpty();
    registrar.tick(1 + Registrar.WAITING_TICKS + Registrar.SETTLED_TICKS);
    assertThat(outbox.drain()).isEqualTo(List.of(ask(4)));
  }

  @Test
  void theLastWordNeededIsJournaledOnce() {
    Registrar registrar = registrar(3);
    registrar.onRegistered(1, new Registered(SELF));
    assertThat(outbox.drain()).isEmpty();
    registrar.onRegistered(2, new Registered(SELF));
    assertThat(outbox.drain()).isEqualTo(List.of(OWN));
    registrar.tick(1);
    assertThat(outbox.drain()).isEmpty();
  }

  @Test
  void oneAloneRegistersWithItself() {
    Registrar alone = registrar(1);
    alone.tick(1);
    assertThat(outbox.drain()).isEqualTo(List.of(OWN));
    alone.tick(2);
    assertThat(outbox.drain()).isEmpty();
    assertThat(alone.members().mayVote()).isTrue();
  }

  @Test
  void anAnswerToAnEarlierLifeSaysNothingAboutThisOne() {
    Registrar registrar = registrar(3);
    registrar.onRegistered(1, new Registered(EARLIER));
    registrar.onRegistered(2, new Registered(EARLIER));
    registrar.onNotRegistered(1, new NotRegistered(EARLIER, "gone"));
    assertThat(outbox.drain()).isEmpty();
    assertThat(registrar.members().waitingFor()).containsExactly(1, 2);
    assertThat(registrar.members().refusal()).isEmpty();
    registrar.onNotRegistered(1, new NotRegistered(SELF, "gone"));
    assertThat(registrar.members().refusal()).contains("peer 1 refuses us: gone");
  }
}
