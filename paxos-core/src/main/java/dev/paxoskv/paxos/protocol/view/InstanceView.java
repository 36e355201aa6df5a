package dev.paxoskv.paxos.protocol.view;

import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.Quorum.PeerSet;
import dev.paxoskv.paxos.protocol.Status;
import dev.paxoskv.paxos.protocol.Vote;
import java.util.Optional;

/**
 * What one peer knows of one instance.
 *
 * @param seq which
 * @param status what it would tell its application
 * @param promised the highest ballot that its acceptor has promised there, for all instances or for
 *     this one
 * @param vote what its acceptor has accepted; empty also if that is forgotten
 * @param isVoteLost its acceptor says nothing there, as the disk has lost what it had said
 * @param drive how far it has come with proposing there; empty if it does not
 */
public record InstanceView(
    long seq,
    Status status,
    Ballot promised,
    Optional<Vote> vote,
    boolean isVoteLost,
    Optional<Drive> drive) {

  /**
   * An instance being driven.
   *
   * @param phase which answers are waited for
   * @param ballot under which it asks
   * @param attempts how often it has asked again
   * @param agreed who has said yes in this phase
   * @param refused who has said no
   * @param unreachable whom the question did not reach
   */
  public record Drive(
      Phase phase,
      Ballot ballot,
      int attempts,
      PeerSet agreed,
      PeerSet refused,
      PeerSet unreachable) {}

  /** Where a proposer stands. */
  public enum Phase {
    /** It waits for promises. */
    PREPARING,
    /** It waits for votes. */
    ACCEPTING,
    /** It was refused or cut off, and tries again soon. */
    WAITING
  }
}
