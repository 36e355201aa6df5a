package dev.paxoskv.paxos.protocol.roles;

import dev.paxoskv.paxos.protocol.DurableRecord;
import dev.paxoskv.paxos.protocol.Member;
import dev.paxoskv.paxos.protocol.Message.NotRegistered;
import dev.paxoskv.paxos.protocol.Message.Register;
import dev.paxoskv.paxos.protocol.Message.Registered;
import dev.paxoskv.paxos.protocol.members.Members;
import java.util.Optional;

/**
 * Makes this peer known to the others, and keeps what they make known to it. Asks everyone who has
 * not answered, for as long as it takes: also after this peer may vote, as whoever was away must
 * remember it too.
 */
final class Registrar {
  /** While the group waits for us. */
  static final int WAITING_TICKS = 20;

  static final int SETTLED_TICKS = 200;

  private final int me;
  private final Outbox outbox;
  private final Members members;
  private long dueTick;

  Registrar(int me, Outbox outbox, Members members) {
    this.me = me;
    this.outbox = outbox;
    this.members = members;
  }

  Members members() {
    return members;
  }

  void tick(long now) {
    if (members.becomesRegistered()) {
      persistOwn();
    }
    if (!members.isDurable() || now < dueTick) {
      return;
    }
    dueTick = now + (members.mayVote() ? SETTLED_TICKS : WAITING_TICKS);
    for (int peer : members.owed()) {
      // Ungated: our identity was durable before this peer was made.
      outbox.sendUngated(peer, new Register(members.self(), members.durable()));
    }
  }

  void onRegister(int from, Register register) {
    Member member = register.member();
    Optional<String> refusal = members.refuse(from, member, register.durable());
    if (refusal.isPresent()) {
      // Ungated: a refusal lets nobody conclude anything but that it must stop.
      outbox.replyUngated(new NotRegistered(member, refusal.get()));
      return;
    }
    if (members.register(from, member, register.durable())) {
      outbox.persist(new DurableRecord.Registered(from, member.id(), member.incarnation()));
    }
    outbox.reply(new Registered(member));
  }

  void onRegistered(int from, Registered answer) {
    // An answer to an earlier life says nothing about this one.
    if (answer.member().equals(members.self()) && members.accepted(from)) {
      persistOwn();
    }
  }

  void onNotRegistered(int from, NotRegistered answer) {
    if (answer.member().equals(members.self())) {
      members.refusedBy(from, answer.reason());
    }
  }

  /** Nothing waits for it: every vote's record comes after it in the journal. */
  private void persistOwn() {
    Member self = members.self();
    outbox.persist(new DurableRecord.Registered(me, self.id(), self.incarnation()));
  }
}
