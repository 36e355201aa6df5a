package dev.paxoskv.paxos.net;

import dev.paxoskv.paxos.protocol.Envelope;
import dev.paxoskv.paxos.protocol.roles.Effect;

/** Where the network hands in what arrives. Called on the event loop. */
public interface Inputs {

  /** A request from a greeted peer. */
  void request(int from, Effect.Connection connection, Envelope envelope);

  /** An answer from the peer we asked. */
  void answer(int from, Envelope envelope);

  /** This peer must not take part any longer, for this reason. */
  default void mustStop(String reason) {
    throw new IllegalStateException(reason);
  }

  /** A request that certainly did not get through. */
  void sendFailed(int peer, Envelope envelope);
}
