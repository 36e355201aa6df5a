package dev.paxoskv.paxos.protocol;

import java.util.BitSet;

/**
 * Majorities of a fixed set of peers. Any two majorities share a peer: that peer is why two values
 * can never both be chosen.
 *
 * @param peers how many peers there are, 1 to {@value #PEERS_MAX}
 */
public record Quorum(int peers) {

  /** A {@link PeerSet} is one 64-bit word. */
  public static final int PEERS_MAX = 63;

  public Quorum {
    if (peers < 1 || peers > PEERS_MAX) {
      throw new IllegalArgumentException(
          "a group has 1 to " + PEERS_MAX + " peers, but " + peers + " were given");
    }
  }

  /** The smallest number of peers that makes a majority. */
  public int size() {
    return peers / 2 + 1;
  }

  public boolean isReached(PeerSet voters) {
    return voters.size() >= size();
  }

  /** True once so many peers have refused that the others are too few. */
  public boolean isOutOfReach(PeerSet refusers) {
    return peers - refusers.size() < size();
  }

  /** A set of peer indexes. A peer counts once, however often it answers. */
  public record PeerSet(long bits) {
    public static final PeerSet EMPTY = new PeerSet(0);

    public PeerSet with(int peer) {
      return new PeerSet(bits | (1L << peer));
    }

    public PeerSet without(int peer) {
      return new PeerSet(bits & ~(1L << peer));
    }

    public boolean has(int peer) {
      return (bits & (1L << peer)) != 0;
    }

    public PeerSet union(PeerSet other) {
      return new PeerSet(bits | other.bits);
    }

    public int size() {
      return Long.bitCount(bits);
    }

    /** The indexes, in ascending order. */
    @Override
    public String toString() {
      return BitSet.valueOf(new long[] {bits}).toString();
    }
  }
}
