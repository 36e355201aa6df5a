package dev.paxoskv.server;

import dev.paxoskv.paxos.host.Transport;
import dev.paxoskv.paxos.protocol.Envelope;
import dev.paxoskv.paxos.protocol.roles.Effect;

/** A network on which nothing gets through. */
public final class Silence implements Transport {
  @Override
  public void send(int peer, Envelope envelope) {}

  @Override
  public void reply(Effect.Connection connection, Envelope envelope) {}

  @Override
  public void flush() {}
}
