package dev.paxoskv.sim.reach;

import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.DurableRecord;
import dev.paxoskv.paxos.protocol.DurableRecord.Promised;
import dev.paxoskv.paxos.protocol.DurableRecord.Voted;
import dev.paxoskv.paxos.protocol.Message;
import dev.paxoskv.paxos.protocol.Message.Accept;
import dev.paxoskv.paxos.protocol.Message.Accepted;
import dev.paxoskv.paxos.protocol.Message.Decided;
import dev.paxoskv.paxos.protocol.Message.Fetch;
import dev.paxoskv.paxos.protocol.Message.Fetched;
import dev.paxoskv.paxos.protocol.Message.Forgotten;
import dev.paxoskv.paxos.protocol.Message.Prepare;
import dev.paxoskv.paxos.protocol.Message.Promise;
import dev.paxoskv.paxos.protocol.Vote;
import dev.paxoskv.sim.check.Witness;
import dev.paxoskv.sim.reach.Reach.State;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Follows what acceptors record and what peers answer, for rare states. */
final class AnswerReach implements Witness {

  private record At(int peer, long seq) {}

  private record Said(int from, int to, Message message) {}

  private final Reach reach;
  private final Set<Said> said = new HashSet<>();
  private final Map<At, Ballot> promises = new HashMap<>();
  private final Map<At, Vote> votes = new HashMap<>();
  private final Map<Long, Integer> tellers = new HashMap<>();

  AnswerReach(Reach reach) {
    this.reach = reach;
  }

  @Override
  public void recorded(int peer, DurableRecord record) {
    At at = new At(peer, record.seq());
    if (record instanceof Promised promised) {
      promises.put(at, promised.ballot());
    } else if (record instanceof Voted voted) {
      Ballot ballot = voted.vote().ballot();
      boolean wasPromised = ballot.equals(promises.get(at));
      hitIf(!wasPromised, State.VOTE_WITHOUT_A_PROMISE_BEFORE);
      promises.put(at, ballot);
      Vote before = votes.put(at, voted.vote());
      if (before != null) {
        reach.hit(State.VOTE_REPLACED_AT_A_HIGHER_BALLOT);
        boolean isOther = !before.value().equals(voted.vote().value());
        hitIf(isOther, State.VOTE_REPLACED_BY_ANOTHER_VALUE);
      }
    }
  }

  @Override
  public void sent(Hop hop) {
    Message message = hop.message();
    if (message instanceof Promise promise) {
      // Without the vote: a re-answer is the same whatever was voted for since.
      Message bare = new Promise(promise.seq(), promise.ballot(), Optional.empty());
      hitIf(isRepeated(hop, bare), State.DUPLICATE_PREPARE_ANSWERED_AGAIN);
    } else if (message instanceof Accepted) {
      hitIf(isRepeated(hop, message), State.DUPLICATE_ACCEPT_ANSWERED_AGAIN);
    } else if (message instanceof Forgotten) {
      forgotten(hop.asked().orElseThrow());
    } else if (message instanceof Fetched) {
      fetched(hop.asked().orElseThrow());
    } else if (message instanceof Fetch) {
      reach.hit(State.DECIDED_WITHOUT_VALUE_NEEDS_A_FETCH);
    } else if (message instanceof Message.Done) {
      reach.hit(State.DONE_MARK_TRAVELS_ALONE);
    } else if (message instanceof Decided decided && decided.ballot().equals(Ballot.ZERO)) {
      Integer before = tellers.put(decided.seq(), hop.from());
      boolean isSecond = before != null && before != hop.from();
      hitIf(isSecond, State.TWO_PROPOSERS_TOLD_OF_ONE_DECISION);
    }
  }

  private boolean isRepeated(Hop hop, Message message) {
    return !said.add(new Said(hop.from(), hop.to(), message));
  }

  private void forgotten(Message.Request asked) {
    if (asked instanceof Prepare) {
      reach.hit(State.FORGOTTEN_ANSWERS_PREPARE);
    } else if (asked instanceof Accept) {
      reach.hit(State.FORGOTTEN_ANSWERS_ACCEPT);
    } else {
      reach.hit(State.FORGOTTEN_ANSWERS_FETCH);
    }
  }

  private void fetched(Message.Request asked) {
    hitIf(asked instanceof Prepare, State.LATE_PREPARE_TOLD_BY_FETCHED);
    hitIf(asked instanceof Accept, State.LATE_ACCEPT_TOLD_BY_FETCHED);
  }

  private void hitIf(boolean is, State state) {
    if (is) {
      reach.hit(state);
    }
  }
}
