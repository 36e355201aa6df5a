package dev.paxoskv.paxos.protocol;

/**
 * What an acceptor must still know after a crash. A record is appended to the journal before the
 * message that depends on it may leave.
 */
public sealed interface DurableRecord {

  /** Instance this record is about. */
  long seq();

  /** The acceptor will ignore everything below {@code ballot} in this instance. */
  record Promised(long seq, Ballot ballot) implements DurableRecord {}

  /** The acceptor has accepted; this implies a promise at the vote's ballot. */
  record Voted(long seq, Vote vote) implements DurableRecord {}

  /** Every peer is done with all instances below {@code seq}; their records may go. */
  record Floor(long seq) implements DurableRecord {}
}
