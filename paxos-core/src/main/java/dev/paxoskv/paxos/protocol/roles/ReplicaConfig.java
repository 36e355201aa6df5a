package dev.paxoskv.paxos.protocol.roles;

import dev.paxoskv.paxos.protocol.Quorum;

/**
 * Who this peer is and how it behaves.
 *
 * @param me own index, 0 to peers - 1
 * @param peers number of peers, {@code me} included
 * @param incarnation which start of this peer; higher than at every earlier start
 * @param catchUpTicks how often to ask another peer for decisions that were missed; 0 for never, as
 *     the library's idle peers are silent
 */
public record ReplicaConfig(int me, int peers, long incarnation, int catchUpTicks) {
  public ReplicaConfig {
    new Quorum(peers);
    if (me < 0 || me >= peers) {
      throw new IllegalArgumentException("peer index " + me + " is not in 0.." + (peers - 1));
    }
  }

  Quorum quorum() {
    return new Quorum(peers);
  }
}
