package dev.paxoskv.sim.check;

import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.DurableRecord;
import dev.paxoskv.paxos.protocol.DurableRecord.Promised;
import dev.paxoskv.paxos.protocol.DurableRecord.RangePromised;
import dev.paxoskv.paxos.protocol.DurableRecord.Voted;
import dev.paxoskv.paxos.protocol.Message.Accepted;
import dev.paxoskv.paxos.protocol.Message.Promise;
import dev.paxoskv.paxos.protocol.Message.RangePromise;
import dev.paxoskv.paxos.protocol.Message.Report;
import dev.paxoskv.paxos.protocol.Recovered;
import dev.paxoskv.paxos.protocol.Vote;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The records of each peer show that its promise never falls, that it votes at nothing below it and
 * for nothing below its floor; and each Promise and Accepted says no more than the records do.
 */
final class PromiseChecker implements Witness {
  static final String RULE = "promise never falls";
  static final String ANSWER = "answers rest on durable records";

  /** What one acceptor's records say. */
  private static final class Acceptor {
    final Map<Long, Ballot> promises = new HashMap<>();
    final TreeMap<Long, Vote> votes = new TreeMap<>();
    Ballot range = Ballot.ZERO;
    long floor;

    /** What it may not fall below in {@code seq}. */
    Ballot promised(long seq) {
      Ballot own = promises.getOrDefault(seq, Ballot.ZERO);
      return range.isAbove(own) ? range : own;
    }
  }

  private final List<Acceptor> acceptors = new ArrayList<>();

  PromiseChecker(int peers) {
    for (int peer = 0; peer < peers; peer++) {
      acceptors.add(new Acceptor());
    }
  }

  @Override
  public void recorded(int peer, DurableRecord record) {
    Acceptor acceptor = acceptors.get(peer);
    if (record instanceof Promised promised) {
      raise(peer, promised.seq(), promised.ballot(), false);
    } else if (record instanceof RangePromised promised) {
      if (!promised.ballot().isAbove(acceptor.range)) {
        throw new Violation(
            RULE,
            "peer " + peer + " has promised " + acceptor.range + " everywhere and records "
                + promised.ballot());
      }
      acceptor.range = promised.ballot();
    } else if (record instanceof Voted voted) {
      raise(peer, voted.seq(), voted.vote().ballot(), true);
      acceptor.votes.put(voted.seq(), voted.vote());
    } else {
      acceptor.floor = Math.max(acceptor.floor, record.seq());
    }
  }

  /** What became durable just before the crash was reported to nobody. */
  @Override
  public void recovered(int peer, Recovered recovered) {
    Acceptor acceptor = acceptors.get(peer);
    acceptor.floor = Math.max(acceptor.floor, recovered.floor());
    if (!recovered.rangePromised().isAtLeast(acceptor.range)) {
      throw new Violation(
          RULE,
          "peer " + peer + " has promised " + acceptor.range + " everywhere and comes back with "
              + recovered.rangePromised());
    }
    acceptor.range = recovered.rangePromised();
    recovered.instances().forEach((seq, instance) -> {
      if (instance.damage() == Recovered.Damage.NONE) {
        Ballot before = acceptor.promises.getOrDefault(seq, Ballot.ZERO);
        if (instance.decided().isEmpty() && !instance.promised().isAtLeast(before)) {
          throw new Violation(
              RULE,
              "peer " + peer + " has promised " + before + " in " + seq + " and comes back with "
                  + instance.promised());
        }
        acceptor.promises.put(seq, instance.promised());
        instance.vote().ifPresent(vote -> acceptor.votes.put(seq, vote));
      }
    });
  }

  private void raise(int peer, long seq, Ballot ballot, boolean mayEqual) {
    Acceptor acceptor = acceptors.get(peer);
    Ballot before = acceptor.promised(seq);
    boolean isRaised = mayEqual ? ballot.isAtLeast(before) : ballot.isAbove(before);
    if (!isRaised) {
      throw new Violation(
          RULE,
          "peer " + peer + " has promised " + before + " in " + seq + " and records " + ballot);
    }
    if (seq < acceptor.floor) {
      throw new Violation(
          RULE, "peer " + peer + " records " + seq + " below its floor " + acceptor.floor);
    }
    acceptor.promises.put(seq, ballot);
  }

  @Override
  public void sent(Hop hop) {
    Acceptor acceptor = acceptors.get(hop.from());
    if (hop.message() instanceof Promise promise) {
      Ballot durable = acceptor.promised(promise.seq());
      require(durable.isAtLeast(promise.ballot()), hop, durable);
      Optional<Vote> vote = Optional.ofNullable(acceptor.votes.get(promise.seq()));
      // A vote at or above the promised ballot may have come after the promise was made.
      Optional<Vote> below = vote.filter(v -> promise.ballot().isAbove(v.ballot()));
      require(below.isEmpty() || Objects.equals(below, promise.vote()), hop, below);
    } else if (hop.message() instanceof RangePromise promise) {
      require(acceptor.range.isAtLeast(promise.ballot()), hop, acceptor.range);
      checkReports(hop, promise, acceptor);
    } else if (hop.message() instanceof Accepted accepted) {
      Vote vote = acceptor.votes.get(accepted.seq());
      boolean isCovered = vote != null && vote.ballot().isAtLeast(accepted.ballot());
      require(isCovered, hop, Optional.ofNullable(vote));
    }
  }

  /** Every vote below the ballot is told, or made up for by a decision or by no promise at all. */
  private static void checkReports(Hop hop, RangePromise promise, Acceptor acceptor) {
    Map<Long, Report> reports =
        promise.reports().stream().collect(Collectors.toMap(Report::seq, report -> report));
    acceptor.votes.subMap(promise.first(), promise.end()).forEach((seq, vote) -> {
      Optional<Report> report = Optional.ofNullable(reports.get(seq));
      boolean isTold =
          report.isPresent() && report.get().vote().map(vote::equals).orElse(true);
      boolean isLater = vote.ballot().isAtLeast(promise.ballot());
      require(isTold || isLater || seq < acceptor.floor, hop, vote);
    });
  }

  private static void require(boolean holds, Hop hop, Object durable) {
    if (!holds) {
      throw new Violation(
          ANSWER, "peer " + hop.from() + " says " + hop.message() + " but holds " + durable);
    }
  }
}
