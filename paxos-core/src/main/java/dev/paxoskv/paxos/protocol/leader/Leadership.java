package dev.paxoskv.paxos.protocol.leader;

import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.Message.PrepareRange;
import dev.paxoskv.paxos.protocol.Message.RangePromise;
import dev.paxoskv.paxos.protocol.Message.Reject;
import dev.paxoskv.paxos.protocol.Message.Report;
import dev.paxoskv.paxos.protocol.Message.Request;
import dev.paxoskv.paxos.protocol.Quorum;
import dev.paxoskv.paxos.protocol.Talk.News;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.paxos.protocol.Vote;
import java.util.Map;
import java.util.Optional;

/**
 * Phase one once for all instances ("Paxos Made Simple", section 3): a peer to which a majority has
 * promised one ballot everywhere proposes in any instance at once, in one round trip.
 *
 * <p>Guarantees: it opens an instance only where a majority has promised the ballot and told what
 * it accepted, and then with the highest vote of those. Where that is not so, or where anyone
 * refuses, the proposer asks for that instance alone, as without a leader.
 *
 * <p>Yields as soon as it hears that somebody was promised more everywhere. Remembers nothing
 * durably: its ballot cannot come back after a crash.
 */
public final class Leadership {

  /** Phase one of an instance, done in advance: the ballot, and the highest vote reported. */
  public record Opening(Ballot ballot, Optional<Vote> highest) {}

  /** Port to the roles of the same peer. */
  public interface Ground {
    /** A ballot that was never used, above all that were seen. */
    Ballot nextBallot();

    /** Sends a question that must not pass records appended before. */
    void ask(int peer, Request request);

    /** Sends what promises nothing. */
    void tell(int peer, Request request);

    /** Asks the own acceptor; the answer comes back when it is durable. */
    void askSelf(PrepareRange request);

    /** The lowest instance whose decision is not known. */
    long firstMissing();

    void learn(long seq, Value value);

    /** Proposes, unless that is decided, forgotten or under way. */
    void propose(long seq, Value value);
  }

  private enum State {
    FOLLOWING,
    TAKING_OVER,
    LEADING
  }

  /** Without an answer the question is sent again after so many ticks. */
  private static final int AGAIN_TICKS = 10;

  /** Without a majority after so many ticks it is given up. */
  private static final int GIVE_UP_TICKS = 60;

  private final int me;
  private final Quorum quorum;
  private final Ground ground;
  private final Messenger messenger;
  private final Inbox inbox = new Inbox();
  private State state = State.FOLLOWING;
  private Ballot ballot = Ballot.ZERO;
  private Reports reports;
  private long first;
  private long dueTick;
  private long giveUpTick;
  private long now;

  public Leadership(int me, Quorum quorum, Ground ground) {
    this.me = me;
    this.quorum = quorum;
    this.ground = ground;
    this.messenger = new Messenger(quorum.peers());
    this.reports = new Reports(quorum, ballot);
  }

  /** What others want proposed for them. */
  public Inbox inbox() {
    return inbox;
  }

  public boolean isLeading() {
    return state == State.LEADING;
  }

  /** Whether it leads or is about to. */
  public boolean isActive() {
    return state != State.FOLLOWING;
  }

  /** The ballot of the present reign or attempt; of the last one if there is none. */
  public Ballot ballot() {
    return ballot;
  }

  /** Asks all for their promise, under a new ballot. */
  public void takeOver(long tick) {
    now = tick;
    ballot = ground.nextBallot();
    state = State.TAKING_OVER;
    reports = new Reports(quorum, ballot);
    first = ground.firstMissing();
    giveUpTick = now + GIVE_UP_TICKS;
    askAll();
  }

  /** Proposes for others no more. What is under way is seen to by the proposer. */
  public void resign() {
    state = State.FOLLOWING;
    reports = new Reports(quorum, ballot);
  }

  /** If this peer leads and phase one of {@code seq} is done, what it has brought. */
  public Optional<Opening> opening(long seq) {
    return isLeading() ? reports.opening(seq) : Optional.empty();
  }

  /**
   * While it leads: the highest instance that it has proposed in under its ballot, or that was
   * reported to it. Nothing else can have been decided under its ballot or a lower one.
   */
  long reach() {
    return reports.reach();
  }

  /** Another page came in. */
  public void onRangePromise(int from, RangePromise promise) {
    if (!isActive() || !promise.ballot().equals(ballot)) {
      return;
    }
    giveUpTick = now + GIVE_UP_TICKS;
    reports.add(from, promise);
    for (Report report : promise.reports()) {
      report.decided().ifPresent(value -> ground.learn(report.seq(), value));
    }
    if (!reports.isComplete(from)) {
      ask(from);
    }
    if (state == State.TAKING_OVER && reports.isComplete()) {
      state = State.LEADING;
      // What somebody accepted may be chosen, and nobody else may be left to drive it.
      for (Map.Entry<Long, Vote> each : reports.votes()) {
        ground.propose(each.getKey(), each.getValue().value());
      }
    }
  }

  /**
   * The instance was decided with what this peer proposed in it under {@code under}. Whether the
   * others hear of it with the next request that goes to them; if not they must be told.
   */
  public boolean willTell(long seq, Ballot under) {
    return under.equals(ballot) && messenger.decided(seq, under);
  }

  /** Whether to send {@code peer} a request only for the news that it will take along. */
  public boolean callsForNews(int peer) {
    return messenger.callsFor(peer);
  }

  /** What {@code peer} is to be told; it is told now. */
  public Optional<News> takeNews(int peer) {
    return messenger.take(peer);
  }

  /** A refusal of any request of ours. */
  public void onReject(Reject reject) {
    if (reject.isOfRange()) {
      yieldTo(reject.promised());
    }
  }

  /** Somebody asks for, or has, a promise of {@code other} everywhere. */
  public void yieldTo(Ballot other) {
    if (isActive() && other.isAbove(ballot)) {
      resign();
    }
  }

  public void tick(long tick) {
    now = tick;
    if (isActive()) {
      reports.forgetBelow(ground.firstMissing());
    }
    if (state != State.TAKING_OVER) {
      return;
    }
    if (now >= giveUpTick) {
      resign();
    } else if (now >= dueTick) {
      askAll();
    }
  }

  private void askAll() {
    dueTick = now + AGAIN_TICKS;
    for (int peer = 0; peer < quorum.peers(); peer++) {
      if (peer != me && !reports.isComplete(peer)) {
        ask(peer);
      }
    }
    // Last, so that the others' questions do not wait for our own record.
    if (!reports.isComplete(me)) {
      ask(me);
    }
  }

  private void ask(int peer) {
    PrepareRange request = new PrepareRange(ballot, reports.next(peer, first));
    if (peer == me) {
      ground.askSelf(request);
    } else {
      ground.ask(peer, request);
    }
  }
}
