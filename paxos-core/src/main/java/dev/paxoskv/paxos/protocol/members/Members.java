package dev.paxoskv.paxos.protocol.members;

import dev.paxoskv.paxos.protocol.DurableRecord.Registered;
import dev.paxoskv.paxos.protocol.Member;
import dev.paxoskv.paxos.protocol.Quorum;
import dev.paxoskv.paxos.protocol.Quorum.PeerSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Whether this peer may vote, and whether the others are who they say.
 *
 * <p>With a data directory: before its first vote ever, {@link #registrationsNeeded} of the others
 * must have recorded it. So many that, if at most a minority of the disks is wiped, whoever comes
 * later under the same index meets one that remembers. After each later start a majority, itself
 * included, must have taken it for the same member with nothing lost. A single refusal ends its
 * part for good.
 *
 * <p>In memory: votes at once, and the rule about restarts is the network's.
 *
 * <p>Not thread-safe; belongs to the protocol thread.
 */
public final class Members {
  private final int me;
  private final Quorum quorum;
  private final Member self;
  private final MemberBook book;
  private PeerSet acceptedBy = PeerSet.EMPTY;
  private PeerSet owed;
  private boolean isRegistered;
  private long durable;
  private Optional<String> refusal = Optional.empty();

  /**
   * @param me own index
   * @param peers size of the group, {@code me} included
   * @param self this start of this peer
   */
  public Members(int me, int peers, Member self) {
    this.me = me;
    this.quorum = new Quorum(peers);
    this.self = self;
    this.book = new MemberBook("peer " + me);
    PeerSet others = PeerSet.EMPTY;
    for (int peer = 0; peer < peers; peer++) {
      others = peer == me ? others : others.with(peer);
    }
    this.owed = others;
  }

  /** Size of the group. */
  public int peers() {
    return quorum.peers();
  }

  /** How many of the others must have recorded a member before its first vote. */
  public static int registrationsNeeded(int peers) {
    int others = peers - 1;
    int minority = (peers - 1) / 2;
    return (others + minority + 1) / 2;
  }

  /**
   * Takes back what the journal kept; before anything else is asked.
   *
   * @throws IllegalArgumentException if it is the journal of another member
   */
  public void recover(Registered record) {
    if (record.peer() != me) {
      book.recover(record);
    } else if (record.memberId().equals(self.id())) {
      isRegistered = true;
    } else {
      throw new IllegalArgumentException("the journal belongs to member " + record.memberId()
          + " but the identity file to " + self.id() + "; the data directory is mixed up");
    }
  }

  public boolean isDurable() {
    return self.isDurable();
  }

  /** This start of this peer. */
  public Member self() {
    return self;
  }

  /** Whether this peer may promise, accept and propose. */
  public boolean mayVote() {
    return !isDurable()
        || (refusal.isEmpty() && isRegistered && acceptedBy.size() >= quorum.size() - 1);
  }

  /** Whose word is awaited before this peer may vote; empty once it may. */
  public List<Integer> waitingFor() {
    return mayVote() ? List.of() : missing(acceptedBy);
  }

  /** Why this peer must stop; empty if it need not. */
  public Optional<String> refusal() {
    return refusal;
  }

  /** Who has not recorded this start of ours yet; nobody once we are refused. */
  public List<Integer> owed() {
    return IntStream.range(0, quorum.peers())
        .filter(peer -> isDurable() && refusal.isEmpty() && owed.has(peer))
        .boxed()
        .toList();
  }

  /**
   * {@code peer} has recorded this start of ours.
   *
   * @return whether the journal must be told that we are registered: this was the last one needed
   */
  public boolean accepted(int peer) {
    acceptedBy = acceptedBy.with(peer);
    owed = owed.without(peer);
    return becomesRegistered();
  }

  /** As {@link #accepted}, for a group that needs nobody's word. */
  public boolean becomesRegistered() {
    boolean isEnough = acceptedBy.size() >= registrationsNeeded(quorum.peers());
    boolean becomes = isDurable() && !isRegistered && isEnough;
    isRegistered |= becomes;
    return becomes;
  }

  /** One of the others will not have us; the first reason stays. */
  public void refusedBy(int peer, String reason) {
    refusal = refusal.or(() -> Optional.of("peer " + peer + " refuses us: " + reason));
  }

  /**
   * Why {@code member} may not take part under the index {@code peer}, in one line; empty if it
   * may.
   */
  public Optional<String> refuse(int peer, Member member, long durable) {
    if (member.isDurable() != isDurable()) {
      return Optional.of(
          "peer " + (isDurable() ? peer : me) + " keeps its state in memory but peer "
              + (isDurable() ? me : peer) + " in a data directory; start all alike");
    }
    // This peer alone cannot know whether the group has voted, only whether it could have itself.
    String hint = isRegistered
        ? ""
        : " (peer " + me + " has never voted; if that holds for every server, nothing was ever"
            + " stored, and all data directories may be emptied instead)";
    return book.refuse(peer, member, durable).map(reason -> reason + hint);
  }

  /**
   * Records a member that was not refused as the only holder of its index.
   *
   * @return whether the journal must be told before the member is
   */
  public boolean register(int peer, Member member, long durable) {
    greeted(peer, member, durable);
    return book.register(peer, member, durable);
  }

  /** A member that was not refused has introduced itself, without asking to be registered. */
  public void greeted(int peer, Member member, long durable) {
    if (book.isNewLife(peer, member)) {
      // It may have lost its disk, and our registration with it.
      owed = owed.with(peer);
    }
    book.greeted(peer, member, durable);
  }

  /** {@code peer} said something, and with it how far its journal is durable. */
  public void told(int peer, long position) {
    book.told(peer, position);
  }

  /**
   * Takes over what another peer has seen of a third, or of us.
   *
   * @return why this peer must stop: others know more of its past than it does; empty if not
   */
  public Optional<String> heard(Sighting seen) {
    if (seen.peer() != me) {
      book.heard(seen);
      return Optional.empty();
    }
    // What others know of us is judged as we would judge another that came with our memory.
    MemberBook past = new MemberBook("others");
    past.register(me, seen.member(), seen.durable());
    boolean isOurs = seen.member().id().equals(self.id());
    boolean isBehind = isOurs && durable < seen.durable();
    Optional<String> reason = isBehind
        ? Optional.of("the memory of peer " + me + " was put back to an earlier state: its journal"
            + " ends at " + durable + ", but others were told of " + seen.durable()
            + "; it may not vote again: run: kv replace " + me)
        : past.refuse(me, self, durable);
    refusal = refusal.or(() -> reason);
    return reason;
  }

  /** What to tell others about the members that this peer has registered. */
  public List<Sighting> sightings() {
    return book.sightings();
  }

  /** Our own journal is durable up to {@code position}, counted over all our lives. */
  public void durable(long position) {
    durable = isDurable() ? Math.max(durable, position) : 0;
  }

  /** How far our own journal is durable; 0 in memory. */
  public long durable() {
    return durable;
  }

  private List<Integer> missing(PeerSet present) {
    return IntStream.range(0, quorum.peers())
        .filter(peer -> peer != me && !present.has(peer))
        .boxed()
        .toList();
  }
}
