package dev.paxoskv.sim.check;

import dev.paxoskv.paxos.host.Host;
import dev.paxoskv.paxos.protocol.DurableRecord;
import dev.paxoskv.paxos.protocol.Envelope;
import dev.paxoskv.paxos.protocol.Message;
import dev.paxoskv.paxos.protocol.Recovered;
import dev.paxoskv.paxos.protocol.Value;
import java.util.Optional;

/**
 * Is told of everything that happens in a simulated group, which no peer of it could be. Has no
 * influence, except that it may end the run by throwing a {@link Violation}.
 */
public interface Witness {

  /** Looks away. */
  Witness NONE = new Witness() {};

  /**
   * One message on its way.
   *
   * @param from who sent it
   * @param to who is to get it
   * @param envelope as it was sent
   * @param asked the request that it answers, if it is an answer
   */
  record Hop(int from, int to, Envelope envelope, Optional<Message.Request> asked) {
    /** What travels. */
    public Message message() {
      return envelope.message();
    }
  }

  /** {@code peer} is about to be asked to start {@code seq} with {@code value}. */
  default void started(int peer, long seq, Value value) {}

  /** {@code peer} is about to be told that its application is done with {@code seq}. */
  default void done(int peer, long seq) {}

  /** The record is durable at {@code peer}. */
  default void recorded(int peer, DurableRecord record) {}

  /** {@code peer} has come back, and this is what its journal kept. */
  default void recovered(int peer, Recovered recovered) {}

  /** A message was given to the network, which may lose it. */
  default void sent(Hop hop) {}

  /** A message is about to be handled. */
  default void arrived(Hop hop) {}

  /** The sender is about to be told that its request did not get through. */
  default void failed(Hop hop) {}

  /** {@code peer} has learnt a decision. */
  default void decided(int peer, long seq, Value value) {}

  /** {@code peer} has performed all effects of what it was told. */
  default void settled(int peer, Host host) {}
}
