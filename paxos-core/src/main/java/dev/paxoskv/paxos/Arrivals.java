package dev.paxoskv.paxos;

import dev.paxoskv.paxos.net.Inputs;
import dev.paxoskv.paxos.protocol.Envelope;
import dev.paxoskv.paxos.protocol.roles.Effect;

/** Hands what the network brings to a node's host. Protocol thread only. */
final class Arrivals implements Inputs {
  private final PaxosNode node;

  Arrivals(PaxosNode node) {
    this.node = node;
  }

  @Override
  public void request(int from, Effect.Connection connection, Envelope envelope) {
    node.guarded(() -> node.host().request(from, connection, envelope)).run();
    node.flushSoon();
  }

  @Override
  public void answer(int from, Envelope envelope) {
    node.guarded(() -> node.host().answer(from, envelope)).run();
    node.flushSoon();
  }

  @Override
  public void mustStop(String reason) {
    node.stopRefused(reason);
  }

  @Override
  public void sendFailed(int peer, Envelope envelope) {
    node.guarded(() -> node.host().sendFailed(peer, envelope)).run();
    node.flushSoon();
  }
}
