package dev.paxoskv.paxos.protocol;

/**
 * The number of one attempt to decide an instance, ordered by round, then peer, then incarnation.
 *
 * <p>Two attempts never share a ballot: {@code peer} separates the proposers, {@code round} counts
 * within one run of a proposer, and {@code incarnation} grows at every start of that proposer, so
 * that a ballot from before a crash cannot come back with another value ("Paxos Made Simple",
 * section 2.2: different proposers choose from disjoint sets of numbers).
 *
 * @param round counts up from 1 within one incarnation; 0 only in {@link #ZERO}
 * @param peer index of the proposer in the list of peers
 * @param incarnation which start of that proposer
 */
public record Ballot(long round, int peer, long incarnation) implements Comparable<Ballot> {

  /** Below every ballot that a proposer can choose; stands for "none yet". */
  public static final Ballot ZERO = new Ballot(0, -1, 0);

  @Override
  public int compareTo(Ballot other) {
    int byRound = Long.compare(round, other.round);
    if (byRound != 0) {
      return byRound;
    }
    int byPeer = Integer.compare(peer, other.peer);
    return byPeer != 0 ? byPeer : Long.compare(incarnation, other.incarnation);
  }

  public boolean isAbove(Ballot other) {
    return compareTo(other) > 0;
  }

  public boolean isAtLeast(Ballot other) {
    return compareTo(other) >= 0;
  }

  @Override
  public String toString() {
    return this.equals(ZERO) ? "none" : round + "." + peer;
  }
}
