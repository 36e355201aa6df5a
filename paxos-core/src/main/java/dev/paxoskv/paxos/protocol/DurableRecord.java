package dev.paxoskv.paxos.protocol;

import java.util.Optional;

/**
 * What a peer must still know after a crash, or is glad to. {@link Promised}, {@link RangePromised}
 * and {@link Voted} are appended to the journal before the message that depends on them may leave;
 * nobody waits for the others.
 */
public sealed interface DurableRecord {

  /** Instance this record is about; -1 if it is about none. */
  long seq();

  /** The acceptor will ignore everything below {@code ballot} in this instance. */
  record Promised(long seq, Ballot ballot) implements DurableRecord {}

  /** The acceptor will ignore everything below {@code ballot} in every instance. */
  record RangePromised(Ballot ballot) implements DurableRecord {
    @Override
    public long seq() {
      return -1;
    }
  }

  /** The acceptor has accepted; this implies a promise at the vote's ballot. */
  record Voted(long seq, Vote vote) implements DurableRecord {}

  /** Every peer is done with all instances below {@code seq}; their records may go. */
  record Floor(long seq) implements DurableRecord {}

  /**
   * This peer has learnt a decision.
   *
   * @param checksum of the decided value, as {@link Value#checksum}
   * @param value left out if it is that of this peer's own vote, recorded before
   */
  record Decided(long seq, long checksum, Optional<Value> value) implements DurableRecord {}

  /** The application of {@code peer} is done with everything up to {@code seq}. */
  record DoneMark(int peer, long seq) implements DurableRecord {}

  /**
   * A durable snapshot covers every instance up to {@code seq}; their records may go, whether or
   * not every peer is done with them.
   */
  record SnapshotMark(long seq) implements DurableRecord {}

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

  /** The disk has lost a promise or a vote of this instance: the acceptor must abstain there. */
  record Faulty(long seq) implements DurableRecord {}
}
