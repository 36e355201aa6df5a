package dev.paxoskv.sim.reach;

import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.Message.Accept;
import dev.paxoskv.paxos.protocol.Message.Accepted;
import dev.paxoskv.paxos.protocol.Message.Prepare;
import dev.paxoskv.paxos.protocol.Message.Promise;
import dev.paxoskv.paxos.protocol.Message.Reject;
import dev.paxoskv.paxos.protocol.Quorum;
import dev.paxoskv.paxos.protocol.Quorum.PeerSet;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.sim.check.Witness;
import dev.paxoskv.sim.reach.Reach.State;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Follows each round of each proposer for rare states. */
final class RoundReach implements Witness {

  private record At(int peer, long seq) {}

  /** A round's name: a leader has one ballot for all its instances. */
  private record Name(Ballot ballot, long seq) {}

  /** What has happened in one instance under one ballot. */
  private static final class Round {
    PeerSet prepared = PeerSet.EMPTY;
    PeerSet accepting = PeerSet.EMPTY;
    PeerSet promised = PeerSet.EMPTY;
    PeerSet prepareFailed = PeerSet.EMPTY;
    PeerSet acceptFailed = PeerSet.EMPTY;
    final Set<Value> reported = new HashSet<>();

    boolean isInPhaseTwo() {
      return accepting.size() > 0;
    }
  }

  private final Reach reach;
  private final Quorum quorum;
  private final Map<Name, Round> rounds = new HashMap<>();
  private final Map<At, Ballot> current = new HashMap<>();
  private final Set<At> decided = new HashSet<>();

  RoundReach(int peers, Reach reach) {
    this.reach = reach;
    this.quorum = new Quorum(peers);
  }

  @Override
  public void decided(int peer, long seq, Value value) {
    decided.add(new At(peer, seq));
  }

  @Override
  public void sent(Hop hop) {
    if (hop.message() instanceof Prepare prepare) {
      Round round = round(prepare.ballot(), prepare.seq());
      current.put(new At(hop.from(), prepare.seq()), prepare.ballot());
      hitIf(round.prepared.has(hop.to()), State.PREPARE_SENT_AGAIN);
      if (round.prepared.has(hop.to())) {
        round.prepareFailed = PeerSet.EMPTY;
      }
      round.prepared = round.prepared.with(hop.to());
    } else if (hop.message() instanceof Accept accept) {
      Round round = round(accept.ballot(), accept.seq());
      hitIf(round.accepting.has(hop.to()), State.ACCEPT_SENT_AGAIN);
      if (!round.isInPhaseTwo()) {
        hitIf(!round.reported.isEmpty(), State.VOTE_ADOPTED_FROM_A_LOWER_BALLOT);
        hitIf(round.reported.size() > 1, State.PROMISES_REPORT_DIFFERENT_VALUES);
      }
      if (round.accepting.has(hop.to())) {
        round.acceptFailed = PeerSet.EMPTY;
      }
      round.accepting = round.accepting.with(hop.to());
    }
  }

  @Override
  public void failed(Hop hop) {
    if (hop.message() instanceof Prepare prepare) {
      Round round = round(prepare.ballot(), prepare.seq());
      round.prepareFailed = round.prepareFailed.with(hop.to());
      hitIf(quorum.isOutOfReach(round.prepareFailed), State.PREPARE_HOPELESS_BY_FAILED_SENDS);
    } else if (hop.message() instanceof Accept accept) {
      Round round = round(accept.ballot(), accept.seq());
      round.acceptFailed = round.acceptFailed.with(hop.to());
      hitIf(quorum.isOutOfReach(round.acceptFailed), State.ACCEPT_HOPELESS_BY_FAILED_SENDS);
    }
  }

  @Override
  public void arrived(Hop hop) {
    if (hop.message() instanceof Promise promise) {
      promised(hop, promise);
    } else if (hop.message() instanceof Accepted accepted) {
      At at = new At(hop.to(), accepted.seq());
      hitIf(decided.contains(at), State.ACCEPTED_AFTER_THE_DECISION);
      old(at, accepted.ballot());
    } else if (hop.message() instanceof Reject reject) {
      rejected(hop, reject);
    }
  }

  private void promised(Hop hop, Promise promise) {
    Round round = round(promise.ballot(), promise.seq());
    old(new At(hop.to(), promise.seq()), promise.ballot());
    if (round.isInPhaseTwo()) {
      reach.hit(State.PROMISE_AFTER_THE_MAJORITY);
    } else {
      round.promised = round.promised.with(hop.from());
      promise.vote().ifPresent(vote -> round.reported.add(vote.value()));
    }
  }

  private void rejected(Hop hop, Reject reject) {
    Round round = round(reject.ballot(), reject.seq());
    boolean isPhaseTwo = hop.asked().filter(Accept.class::isInstance).isPresent();
    reach.hit(isPhaseTwo ? State.REJECT_IN_PHASE_TWO : State.REJECT_IN_PHASE_ONE);
    boolean hadPromise = round.promised.size() > 0 && !round.isInPhaseTwo();
    hitIf(hadPromise, State.DUEL_LOST_AFTER_A_PROMISE);
    old(new At(hop.to(), reject.seq()), reject.ballot());
  }

  private void old(At at, Ballot answered) {
    Ballot now = current.getOrDefault(at, Ballot.ZERO);
    hitIf(now.isAbove(answered), State.ANSWER_TO_AN_ABANDONED_BALLOT);
  }

  private Round round(Ballot ballot, long seq) {
    return rounds.computeIfAbsent(new Name(ballot, seq), name -> new Round());
  }

  private void hitIf(boolean is, State state) {
    if (is) {
      reach.hit(state);
    }
  }
}
