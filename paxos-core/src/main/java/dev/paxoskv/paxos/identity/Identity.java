package dev.paxoskv.paxos.identity;

import dev.paxoskv.paxos.protocol.Member;

/**
 * Who a data directory makes of a peer.
 *
 * @param cluster which group this is: 32 hexadecimal digits; the first half is zero until the group
 *     has decided its id
 * @param memberId of this directory, drawn when it was made: 32 hexadecimal digits
 * @param me own index
 * @param peers size of the group
 * @param incarnation which start this is; the first is 1
 * @param bootId drawn at this start: 32 hexadecimal digits
 */
public record Identity(
    String cluster, String memberId, int me, int peers, long incarnation, String bootId) {

  /** What the id of a group begins with that has decided none. */
  private static final String UNDECIDED = "0".repeat(16);

  /** Whether the group has an id of its own, and not only one made of the list of its peers. */
  public boolean isClusterDecided() {
    return !cluster.startsWith(UNDECIDED);
  }

  /** How this start presents itself to the others. */
  public Member member() {
    return new Member(memberId, incarnation, bootId);
  }
}
