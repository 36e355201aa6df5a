package dev.paxoskv.paxos.protocol.roles;

import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.DurableRecord;
import dev.paxoskv.paxos.protocol.Message;
import dev.paxoskv.paxos.protocol.Message.Decided;
import dev.paxoskv.paxos.protocol.Message.Entry;
import dev.paxoskv.paxos.protocol.Message.Fetched;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.paxos.protocol.Vote;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Short words for ballots, messages and effects, so that a table fits on a page. */
final class Words {
  record Asker(String name) implements Effect.Connection {}

  static final Effect.Connection ASKER = new Asker("asker");
  static final Value X = Value.of("x");
  static final Value Y = Value.of("y");
  static final Value Z = Value.of("z");

  /** Always the shortest wait. */
  static final RandomGenerator ZERO_DICE = () -> 0L;

  private Words() {}

  static Ballot ballot(long round, int peer) {
    return new Ballot(round, peer, 1);
  }

  /** {@code round.peer} or {@code round.peer.incarnation}; the incarnation is 1 unless given. */
  static Ballot ballot(String text) {
    String[] parts = text.split("\\.", -1);
    long incarnation = parts.length > 2 ? Long.parseLong(parts[2]) : 1;
    return new Ballot(Long.parseLong(parts[0]), Integer.parseInt(parts[1]), incarnation);
  }

  static Optional<Vote> vote(Ballot ballot, Value value) {
    return Optional.of(new Vote(ballot, value));
  }

  static Effect persist(DurableRecord record) {
    return new Effect.Persist(record);
  }

  static Effect promised(long seq, Ballot ballot) {
    return persist(new DurableRecord.Promised(seq, ballot));
  }

  static Effect voted(long seq, Ballot ballot, Value value) {
    return persist(new DurableRecord.Voted(seq, new Vote(ballot, value)));
  }

  static Effect floor(long seq) {
    return persist(new DurableRecord.Floor(seq));
  }

  static Effect send(int peer, Message.Request message) {
    return new Effect.Send(peer, message, true);
  }

  static Effect sendNow(int peer, Message.Request message) {
    return new Effect.Send(peer, message, false);
  }

  static Effect reply(Message.Answer message) {
    return new Effect.Reply(ASKER, message, true);
  }

  static Effect replyNow(Message.Answer message) {
    return new Effect.Reply(ASKER, message, false);
  }

  static Effect toSelf(Message.Answer message) {
    return new Effect.ToSelf(message);
  }

  static Effect decide(long seq, Value value) {
    return new Effect.Decide(seq, value);
  }

  static Decided decided(long seq, Ballot ballot, Value value) {
    return new Decided(seq, ballot, Optional.of(value));
  }

  static Decided decided(long seq, Ballot ballot) {
    return new Decided(seq, ballot, Optional.empty());
  }

  static Fetched fetched(long seq, Value value, long max) {
    return new Fetched(List.of(new Entry(seq, value)), max);
  }
}
