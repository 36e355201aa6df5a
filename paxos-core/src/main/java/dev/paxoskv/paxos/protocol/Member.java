package dev.paxoskv.paxos.protocol;

/**
 * One start of one peer, as it presents itself to the others. The id says whose memory it is, the
 * rest which life of it.
 *
 * @param id of the data directory, drawn when that was made: 32 hexadecimal digits; empty for a
 *     peer that keeps its state in memory
 * @param incarnation which start of this peer; higher at each
 * @param bootId drawn at each start: 32 hexadecimal digits
 */
public record Member(String id, long incarnation, String bootId) {

  /** A peer that forgets everything when it stops. */
  public static Member inMemory(long incarnation, String bootId) {
    return new Member("", incarnation, bootId);
  }

  public boolean isDurable() {
    return !id.isEmpty();
  }
}
