package dev.paxoskv.paxos.protocol;

/**
 * What an acceptor must still know after a crash. A record is appended to the journal before the
 * message that depends on it may leave.
 */
public sealed interface DurableRecord {

  /** Instance this record is about; -1 if it is about none. */
  long seq();

  /** The acceptor will ignore everything below {@code ballot} in this instance. */
  record Promised(long seq, Ballot ballot) implements DurableRecord {}

  /** The acceptor has accepted; this implies a promise at the vote's ballot. */
  record Voted(long seq, Vote vote) implements DurableRecord {}

  /** Every peer is done with all instances below {@code seq}; their records may go. */
  record Floor(long seq) implements DurableRecord {}

  /**
   * {@code peer} is the member of that id, and no other will be taken for it. For the own index:
   * enough of the others have recorded us, so that we may vote.
   *
   * @param peer index of the member
   * @param memberId see {@link Member#id}
   * @param incarnation the highest start of it that presented itself
   */
  record Registered(int peer, String memberId, long incarnation) implements DurableRecord {
    @Override
    public long seq() {
      return -1;
    }
  }
}
