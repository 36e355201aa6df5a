package dev.paxoskv.paxos.protocol.roles;

import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.Quorum.PeerSet;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.paxos.protocol.Vote;
import dev.paxoskv.paxos.protocol.view.InstanceView;
import java.util.Optional;

/** One instance being driven: where it stands, and who has answered in the current phase. */
final class Proposal {

  enum Phase {
    /** Prepare is out. */
    PREPARING,
    /** Accept is out. */
    ACCEPTING,
    /** Refused or cut off; a new round begins when the time comes. */
    WAITING
  }

  final long seq;
  final Value own;
  Phase phase = Phase.WAITING;
  Ballot ballot = Ballot.ZERO;
  Optional<Vote> highest = Optional.empty();
  Value proposed;
  PeerSet agreed = PeerSet.EMPTY;
  PeerSet refused = PeerSet.EMPTY;
  PeerSet unreachable = PeerSet.EMPTY;
  int attempt;
  long dueTick;

  Proposal(long seq, Value own) {
    this.seq = seq;
    this.own = own;
    this.proposed = own;
  }

  void enter(Phase next) {
    phase = next;
    agreed = PeerSet.EMPTY;
    refused = PeerSet.EMPTY;
    unreachable = PeerSet.EMPTY;
  }

  /**
   * Whether an answer belongs to the phase and ballot that this proposal is in; an older one says
   * nothing now.
   */
  boolean isIn(Phase expected, Ballot answered) {
    return phase == expected && ballot.equals(answered);
  }

  /** As it is now, for people. */
  InstanceView.Drive view() {
    InstanceView.Phase waitsFor = InstanceView.Phase.valueOf(phase.name());
    return new InstanceView.Drive(waitsFor, ballot, attempt, agreed, refused, unreachable);
  }

  void agree(int peer) {
    agreed = agreed.with(peer);
    unreachable = unreachable.without(peer);
  }

  void hearOf(Optional<Vote> vote) {
    boolean isHigher = vote.isPresent()
        && (highest.isEmpty() || vote.get().ballot().isAbove(highest.get().ballot()));
    if (isHigher) {
      highest = vote;
    }
  }
}
