package dev.paxoskv.paxos.host;

import dev.paxoskv.paxos.protocol.Envelope;
import dev.paxoskv.paxos.protocol.roles.Effect;

/**
 * Port to the other peers. Must not block and must not call back into {@link Host} except by
 * {@link Host#sendFailed}. May lose, repeat, delay and reorder whatever it is given; must not alter
 * it.
 */
public interface Transport {

  /** Sends a request on our own connection to {@code peer}, dialling if need be. */
  void send(int peer, Envelope envelope);

  /** Sends an answer back on the connection that asked; lost if that is gone. */
  void reply(Effect.Connection connection, Envelope envelope);

  /** All that this step had to say has been given: write it out. */
  void flush();
}
