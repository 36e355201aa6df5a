package dev.paxoskv.paxos.protocol.roles;

import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.Invariants;
import dev.paxoskv.paxos.protocol.Message;
import dev.paxoskv.paxos.protocol.Message.Accept;
import dev.paxoskv.paxos.protocol.Message.Accepted;
import dev.paxoskv.paxos.protocol.Message.Decided;
import dev.paxoskv.paxos.protocol.Message.Prepare;
import dev.paxoskv.paxos.protocol.Message.Promise;
import dev.paxoskv.paxos.protocol.Message.Reject;
import dev.paxoskv.paxos.protocol.Quorum;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.paxos.protocol.Vote;
import dev.paxoskv.paxos.protocol.leader.Leadership;
import dev.paxoskv.paxos.protocol.roles.Proposal.Phase;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * Drives instances to a decision, each by itself and any number at once ("Paxos Made Simple",
 * section 2.2, P2c; the seed's proposer).
 *
 * <p>Guarantees: under one ballot it proposes one value, and that value is the one of the highest
 * vote that a majority reported, or its own if they reported none.
 *
 * <p>Remembers the open proposals, and the highest round seen. Nothing of it is durable: a ballot
 * cannot come back after a crash, because the incarnation in it is then higher.
 *
 * <p>It asks its own acceptor by a method call. The answer takes the way of every vote, through the
 * gate, and is counted when it comes back.
 */
final class Proposer {
  private final ReplicaConfig config;
  private final Quorum quorum;
  private final Outbox outbox;
  private final Acceptor acceptor;
  private final Retry retry;
  private final Optional<Leadership> leadership;
  private final TreeMap<Long, Proposal> proposals = new TreeMap<>();
  private long drivingBytes;
  private long highestRound;
  private long now;

  /** One that always asks in both phases. */
  Proposer(ReplicaConfig config, Outbox outbox, Acceptor acceptor, Retry retry) {
    this(config, outbox, acceptor, retry, Optional.empty());
  }

  Proposer(
      ReplicaConfig config,
      Outbox outbox,
      Acceptor acceptor,
      Retry retry,
      Optional<Leadership> leadership) {
    this.config = config;
    this.quorum = config.quorum();
    this.outbox = outbox;
    this.acceptor = acceptor;
    this.retry = retry;
    this.leadership = leadership;
  }

  /** Begins to drive {@code seq}; without effect if it is being driven already. */
  void start(long seq, Value value) {
    if (!isDriving(seq)) {
      Proposal proposal = new Proposal(seq, value);
      proposals.put(seq, proposal);
      drivingBytes += value.size();
      leadership
          .flatMap(l -> l.opening(seq))
          .ifPresentOrElse(opening -> open(proposal, opening), () -> prepare(proposal));
    }
  }

  /** A leader has phase one behind it. */
  private void open(Proposal proposal, Leadership.Opening opening) {
    proposal.ballot = opening.ballot();
    proposal.highest = opening.highest();
    accept(proposal);
  }

  /** Never returned before, and above every ballot seen. */
  Ballot nextBallot() {
    highestRound++;
    return new Ballot(highestRound, config.me(), config.incarnation());
  }

  boolean isDriving(long seq) {
    return proposals.containsKey(seq);
  }

  int driving() {
    return proposals.size();
  }

  long drivingBytes() {
    return drivingBytes;
  }

  /** The highest round seen or used. */
  long highestRound() {
    return highestRound;
  }

  /** Where {@code seq} stands, if it is being driven. */
  Optional<Proposal> proposal(long seq) {
    return Optional.ofNullable(proposals.get(seq));
  }

  /** The instance is decided or forgotten: nothing more to do for it. */
  void stop(long seq) {
    Proposal stopped = proposals.remove(seq);
    if (stopped != null) {
      drivingBytes -= stopped.own.size();
    }
  }

  void forgetBelow(long min) {
    while (!proposals.isEmpty() && proposals.firstKey() < min) {
      stop(proposals.firstKey());
    }
  }

  /** Some peer uses {@code ballot}: our next one must be above it. */
  void observe(Ballot ballot) {
    highestRound = Math.max(highestRound, ballot.round());
  }

  void onPromise(int from, Promise promise) {
    Proposal proposal = proposals.get(promise.seq());
    // Late or doubled answers to an earlier phase or ballot are no answers to this one.
    if (proposal == null || !proposal.isIn(Phase.PREPARING, promise.ballot())) {
      return;
    }
    proposal.agree(from);
    proposal.hearOf(promise.vote());
    if (quorum.isReached(proposal.agreed)) {
      accept(proposal);
    }
  }

  /** Returns the decided value if this answer completed a majority. */
  Optional<Value> onAccepted(int from, Accepted accepted) {
    Proposal proposal = proposals.get(accepted.seq());
    if (proposal == null || !proposal.isIn(Phase.ACCEPTING, accepted.ballot())) {
      return Optional.empty();
    }
    proposal.agree(from);
    if (!quorum.isReached(proposal.agreed)) {
      return Optional.empty();
    }
    announce(proposal);
    return Optional.of(proposal.proposed);
  }

  void onReject(int from, Reject reject) {
    observe(reject.promised());
    awaiting(from, reject.seq(), reject.ballot()).ifPresent(proposal -> {
      proposal.refused = proposal.refused.with(from);
      giveUpIfHopeless(proposal);
    });
  }

  /** {@code prepare} did not get through to {@code peer}. */
  void prepareFailed(int peer, Prepare prepare) {
    failed(peer, awaiting(peer, prepare.seq(), prepare.ballot()), Phase.PREPARING);
  }

  /** {@code accept} did not get through to {@code peer}. */
  void acceptFailed(int peer, Accept accept) {
    failed(peer, awaiting(peer, accept.seq(), accept.ballot()), Phase.ACCEPTING);
  }

  /** Late news of a Prepare says nothing about the Accept that has gone out since. */
  private void failed(int peer, Optional<Proposal> awaiting, Phase phase) {
    awaiting.filter(proposal -> proposal.phase == phase).ifPresent(proposal -> {
      proposal.unreachable = proposal.unreachable.with(peer);
      giveUpIfHopeless(proposal);
    });
  }

  /** The proposal that still waits for {@code peer}; news of an older ballot says nothing now. */
  private Optional<Proposal> awaiting(int peer, long seq, Ballot ballot) {
    return Optional.ofNullable(proposals.get(seq))
        .filter(proposal -> proposal.phase != Phase.WAITING
            && proposal.ballot.equals(ballot)
            && !proposal.agreed.has(peer));
  }

  void tick(long tick) {
    now = tick;
    for (Proposal proposal : proposals.values()) {
      if (now >= proposal.dueTick) {
        tryAgain(proposal);
      }
    }
  }

  private void tryAgain(Proposal proposal) {
    proposal.attempt++;
    if (proposal.phase == Phase.WAITING || proposal.refused.size() > 0) {
      prepare(proposal);
    } else {
      ask(proposal);
    }
  }

  private void prepare(Proposal proposal) {
    proposal.ballot = nextBallot();
    proposal.highest = Optional.empty();
    proposal.enter(Phase.PREPARING);
    ask(proposal);
  }

  private void accept(Proposal proposal) {
    proposal.proposed = proposal.highest.map(Vote::value).orElse(proposal.own);
    proposal.enter(Phase.ACCEPTING);
    ask(proposal);
  }

  /** Asks everyone who has not answered in this phase, ourselves included. */
  private void ask(Proposal proposal) {
    proposal.dueTick = now + retry.afterSilence(proposal.attempt);
    proposal.unreachable = Quorum.PeerSet.EMPTY;
    if (proposal.phase == Phase.PREPARING) {
      Prepare prepare = new Prepare(proposal.seq, proposal.ballot);
      forEachUnanswered(proposal, peer -> outbox.send(peer, prepare));
      askSelf(proposal, () -> acceptor.onPrepare(prepare));
    } else {
      Accept accept = new Accept(proposal.seq, proposal.ballot, proposal.proposed);
      // Ungated: the acceptors may write while we write. Nothing we say here rests on a record of
      // ours: the promises that allow it are durable where they were made, and the ballot cannot
      // come back with another value, as a restart raises the incarnation in it.
      forEachUnanswered(proposal, peer -> outbox.sendUngated(peer, accept));
      askSelf(proposal, () -> acceptor.onAccept(accept));
    }
  }

  private void askSelf(Proposal proposal, Supplier<Message.Answer> ask) {
    if (!proposal.agreed.has(config.me()) && !acceptor.abstains(proposal.seq)) {
      outbox.toSelf(ask.get());
    }
  }

  /**
   * Tells all others. Who accepted at this ballot has the value already; a leader's news therefore
   * go without it, and with something else.
   */
  private void announce(Proposal proposal) {
    Invariants.check(
        proposal.ballot.peer() == config.me(), () -> "deciding under a foreign ballot");
    if (leadership.isPresent() && leadership.get().willTell(proposal.seq, proposal.ballot)) {
      return;
    }
    for (int peer = 0; peer < config.peers(); peer++) {
      if (peer != config.me()) {
        Optional<Value> value =
            proposal.agreed.has(peer) ? Optional.empty() : Optional.of(proposal.proposed);
        // Ungated: the decision rests on a majority's durable votes, not on a record of ours.
        outbox.sendUngated(peer, new Decided(proposal.seq, proposal.ballot, value));
      }
    }
  }

  private void giveUpIfHopeless(Proposal proposal) {
    if (quorum.isOutOfReach(proposal.refused.union(proposal.unreachable))) {
      proposal.phase = Phase.WAITING;
      proposal.dueTick = now + retry.afterRefusal(proposal.attempt);
    }
  }

  private void forEachUnanswered(Proposal proposal, IntConsumer action) {
    for (int peer = 0; peer < config.peers(); peer++) {
      if (peer != config.me() && !proposal.agreed.has(peer)) {
        action.accept(peer);
      }
    }
  }
}
