package dev.paxoskv.paxos.protocol.roles;

import dev.paxoskv.paxos.protocol.DurableRecord;
import dev.paxoskv.paxos.protocol.Invariants;
import dev.paxoskv.paxos.protocol.Message;
import dev.paxoskv.paxos.protocol.Talk;
import dev.paxoskv.paxos.protocol.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Collects the effects of the steps taken since it was last emptied. The plain verbs are the safe
 * ones: they wait for the journal. The two that do not wait are called {@code ungated}, and each
 * use says why it may be.
 */
public final class Outbox {
  private List<Effect> effects = new ArrayList<>();
  private Optional<Effect.Connection> asker = Optional.empty();

  /** From here on, replies go to {@code connection}; empty while no request is being handled. */
  void answering(Optional<Effect.Connection> connection) {
    asker = connection;
  }

  void persist(DurableRecord record) {
    effects.add(new Effect.Persist(record));
  }

  void send(int peer, Message.Request message) {
    effects.add(new Effect.Send(peer, message, true));
  }

  void sendUngated(int peer, Message.Request message) {
    effects.add(new Effect.Send(peer, message, false));
  }

  void reply(Message.Answer message) {
    effects.add(new Effect.Reply(currentAsker(message), message, true));
  }

  void replyUngated(Message.Answer message) {
    effects.add(new Effect.Reply(currentAsker(message), message, false));
  }

  /** Ungated: a decision rests on a majority's durable votes. */
  void replyFromJournal(Message.Fetch range) {
    effects.add(new Effect.ReplyFromJournal(currentAsker(range), range));
  }

  /** Ungated: nothing is promised, and what a snapshot covers is decided and durable. */
  void servePiece(Talk.Pull pull) {
    effects.add(new Effect.ServePiece(currentAsker(pull), pull));
  }

  void snapshot(Effect.OfSnapshot effect) {
    effects.add(effect);
  }

  void toSelf(Message.Answer message) {
    effects.add(new Effect.ToSelf(message));
  }

  void read(long index, List<Runnable> answers) {
    effects.add(new Effect.Read(index, answers));
  }

  void decide(long seq, Value value) {
    effects.add(new Effect.Decide(seq, value));
  }

  public boolean isEmpty() {
    return effects.isEmpty();
  }

  /** Empties the outbox into a list in the order in which the effects were made. */
  public List<Effect> drain() {
    List<Effect> drained = effects;
    effects = new ArrayList<>();
    return drained;
  }

  private Effect.Connection currentAsker(Message message) {
    Invariants.check(asker.isPresent(), () -> "an answer to nobody: " + message);
    return asker.get();
  }
}
