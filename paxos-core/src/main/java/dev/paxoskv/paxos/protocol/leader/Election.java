package dev.paxoskv.paxos.protocol.leader;

import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.Quorum;
import dev.paxoskv.paxos.protocol.Quorum.PeerSet;
import dev.paxoskv.paxos.protocol.Talk.Ping;
import dev.paxoskv.paxos.protocol.Talk.Pong;
import java.util.random.RandomGenerator;

/**
 * Who should lead: somebody who is heard and answered by a majority. Every peer asks all others at
 * short intervals. A leader without a majority of answers resigns. A peer takes over when it hears
 * of no leader, has a majority of answers, and a majority, itself included, says that it hears of
 * none either: so one that is cut off from a leader whom the others have leaves it alone. How far
 * anybody's log reaches does not matter.
 *
 * <p>A mistake here costs time, never agreement.
 */
public final class Election {
  static final int PERIOD_TICKS = 5;

  /** So long an answer, and a claim to lead, count. */
  public static final int TIMEOUT_TICKS = 30;

  /** Somebody's word that it leads: heard when, and said at which tick of its own. */
  private record Claim(int peer, Ballot ballot, long tick, long sent) {
    boolean isWithdrawnBy(int from, Ping ping) {
      return from == peer && ping.sent() > sent && ping.claim().equals(Ballot.ZERO);
    }
  }

  private final int me;
  private final Quorum quorum;
  private final Leadership leadership;
  private final Leadership.Ground ground;
  private final RandomGenerator dice;
  private final Answers answers = new Answers();
  private Claim claim = new Claim(-1, Ballot.ZERO, -TIMEOUT_TICKS, 0);
  private Fitness fitness = Fitness.GOOD;
  private long now;
  private long connectedTick;
  private long dueTick;
  private long campaignTick;

  /**
   * Makes one that waits a while before it takes over.
   *
   * @param dice how long; so that peers do not all begin at once
   */
  public Election(
      int me,
      Quorum quorum,
      Leadership leadership,
      Leadership.Ground ground,
      RandomGenerator dice) {
    this.me = me;
    this.quorum = quorum;
    this.leadership = leadership;
    this.ground = ground;
    this.dice = dice;
  }

  /** Who leads, as far as this peer has heard lately; -1 for nobody. */
  public int leader() {
    if (leadership.isLeading()) {
      return me;
    }
    return isClaimFresh() ? claim.peer : -1;
  }

  /** Whether this peer leads, or hears the leader and is heard by it. */
  public boolean reachesLeader() {
    return leadership.isLeading() || (isClaimFresh() && answers.recent().has(claim.peer));
  }

  /**
   * Who brings to the leader what this peer wants proposed: the leader, if it is heard and answers;
   * else another peer that can say so of itself; -1 if there is none. This peer, if it leads.
   */
  public int way() {
    if (reachesLeader()) {
      return leader();
    }
    PeerSet relays = answers.recent(Pong::reachesLeader);
    return relays.size() == 0 ? -1 : Long.numberOfTrailingZeros(relays.bits());
  }

  /** Whether {@code peer} is the one that passes things on to the leader for this one. */
  public boolean isRelay(int peer) {
    return peer == way() && !reachesLeader();
  }

  /**
   * Those whose disks are full or stuck, if no majority is left without them and those that do not
   * answer: what is begun now might wait for one of them until it has room.
   */
  public PeerSet inTheWay() {
    PeerSet unwell = answers.recent(pong -> !pong.takesWork());
    unwell = fitness.takesWork() ? unwell : unwell.with(me);
    PeerSet lacking = unwell;
    PeerSet answering = answers.recent().with(me);
    for (int peer = 0; peer < quorum.peers(); peer++) {
      lacking = answering.has(peer) ? lacking : lacking.with(peer);
    }
    return quorum.isOutOfReach(lacking) ? unwell : PeerSet.EMPTY;
  }

  /** Time passes, and so fit is this peer now. */
  public void tick(long tick, Fitness fit) {
    now = tick;
    fitness = fit;
    answers.tick(tick);
    campaignTick = campaignTick == 0 ? now + patience() : campaignTick;
    if (isConnected()) {
      connectedTick = now;
    }
    boolean isCutOff = now - connectedTick > TIMEOUT_TICKS;
    if (leadership.isActive() && (isCutOff || !fit.mayLead())) {
      leadership.resign();
      campaignTick = now + patience();
    }
    if (now >= dueTick) {
      dueTick = now + PERIOD_TICKS;
      campaign();
      ping();
    }
  }

  private void campaign() {
    boolean isDue = now >= campaignTick && !leadership.isActive();
    if (hearsLeader()) {
      campaignTick = now + patience();
    } else if (isDue && fitness.mayLead() && mayTakeOver()) {
      campaignTick = now + patience();
      leadership.takeOver(now);
    }
  }

  private void ping() {
    Ballot claimed = leadership.isLeading() ? leadership.ballot() : Ballot.ZERO;
    for (int peer = 0; peer < quorum.peers(); peer++) {
      if (peer != me) {
        ground.tell(peer, new Ping(now, claimed));
      }
    }
  }

  public Pong onPing(int from, Ping ping) {
    if (ping.claim().isAbove(Ballot.ZERO)) {
      leadership.yieldTo(ping.claim());
      if (!isClaimFresh() || ping.claim().isAtLeast(claim.ballot)) {
        claim = new Claim(from, ping.claim(), now, ping.sent());
      }
    } else if (isClaimFresh() && claim.isWithdrawnBy(from, ping)) {
      // It has resigned. Nobody need wait until it would have been missed.
      claim = new Claim(from, claim.ballot, now - TIMEOUT_TICKS, ping.sent());
      campaignTick = now + dice.nextLong(TIMEOUT_TICKS);
    }
    return new Pong(ping.sent(), hearsLeader(), reachesLeader(), fitness.takesWork());
  }

  public void onPong(int from, Pong pong) {
    answers.add(from, pong);
  }

  /** Who has answered lately, this peer included. */
  public PeerSet answering() {
    return answers.recent().with(me);
  }

  private boolean isConnected() {
    return quorum.isReached(answering());
  }

  private boolean mayTakeOver() {
    return quorum.isReached(answers.recent(pong -> !pong.hearsLeader()).with(me));
  }

  private boolean hearsLeader() {
    return leadership.isLeading() || isClaimFresh();
  }

  private boolean isClaimFresh() {
    return now - claim.tick < TIMEOUT_TICKS;
  }

  private long patience() {
    return TIMEOUT_TICKS + dice.nextLong(TIMEOUT_TICKS);
  }
}
