package dev.paxoskv.paxos.protocol.roles;

import dev.paxoskv.paxos.protocol.Quorum;
import dev.paxoskv.paxos.protocol.Talk;

/**
 * Who this peer is and how it behaves.
 *
 * @param me own index, 0 to peers - 1
 * @param peers number of peers, {@code me} included
 * @param incarnation which start of this peer; higher than at every earlier start
 * @param catchUpTicks how often to ask another peer for decisions that were missed; 0 for never, as
 *     the library's idle peers are silent
 * @param leads whether it takes part in choosing a leader, and may be it; if not, it proposes for
 *     itself and in two phases only
 * @param heapBytes about so many bytes of decided values are held in memory, if there is a journal
 *     that has the others
 * @param pieceBytes how much of a snapshot is asked for at a time
 */
public record ReplicaConfig(
    int me,
    int peers,
    long incarnation,
    int catchUpTicks,
    boolean leads,
    long heapBytes,
    int pieceBytes) {
  /** Little, as the collector copies what lives on. A peer that lags a bit finds it in memory. */
  public static final long HEAP_BYTES = 4L << 20;

  /** A peer with as much memory for decided values as is usual. */
  public ReplicaConfig(int me, int peers, long incarnation, int catchUpTicks, boolean leads) {
    this(me, peers, incarnation, catchUpTicks, leads, HEAP_BYTES, Talk.Pull.BYTES_MAX);
  }

  /** A peer without a leader. */
  public ReplicaConfig(int me, int peers, long incarnation, int catchUpTicks) {
    this(me, peers, incarnation, catchUpTicks, false);
  }

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
