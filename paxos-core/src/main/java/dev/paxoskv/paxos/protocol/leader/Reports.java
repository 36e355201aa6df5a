package dev.paxoskv.paxos.protocol.leader;

import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.Message.RangePromise;
import dev.paxoskv.paxos.protocol.Message.Report;
import dev.paxoskv.paxos.protocol.Quorum;
import dev.paxoskv.paxos.protocol.Quorum.PeerSet;
import dev.paxoskv.paxos.protocol.Vote;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Phase one for many instances at once, under one ballot: who has promised, and what was accepted.
 * Each instance is judged by itself, as if it had been asked for alone: a peer counts in it only if
 * one of its pages covers it, and only if its report is no refusal.
 */
final class Reports {
  private record Cover(long first, long end) {
    boolean has(long seq) {
      return seq >= first && seq < end;
    }
  }

  private record Slot(Optional<Vote> highest, PeerSet taken) {
    static final Slot EMPTY = new Slot(Optional.empty(), PeerSet.EMPTY);
  }

  private final Quorum quorum;
  private final Ballot ballot;
  private final TreeMap<Integer, Cover> covers = new TreeMap<>();
  private final TreeMap<Long, Slot> slots = new TreeMap<>();
  private long reach = -1;

  Reports(Quorum quorum, Ballot ballot) {
    this.quorum = quorum;
    this.ballot = ballot;
  }

  /** One more page of {@code from}; a page that came before changes nothing. */
  void add(int from, RangePromise page) {
    Cover cover = covers.getOrDefault(from, new Cover(page.first(), page.first()));
    // Behind a gap, as when the peer has forgotten instances meanwhile, it begins anew.
    boolean joins = page.first() >= cover.first && page.first() <= cover.end;
    covers.put(
        from,
        joins
            ? new Cover(cover.first, Math.max(cover.end, page.end()))
            : new Cover(page.first(), page.end()));
    // What the peer has forgotten was decided.
    reach = Math.max(reach, page.first() - 1);
    for (Report report : page.reports()) {
      reach = Math.max(reach, report.seq());
      Slot slot = slots.getOrDefault(report.seq(), Slot.EMPTY);
      boolean isPromise =
          report.vote().map(vote -> ballot.isAbove(vote.ballot())).orElse(false);
      slots.put(
          report.seq(),
          isPromise
              ? new Slot(higher(slot.highest, report.vote()), slot.taken)
              : new Slot(slot.highest, slot.taken.with(from)));
    }
  }

  private static Optional<Vote> higher(Optional<Vote> one, Optional<Vote> other) {
    boolean isHigher = one.isEmpty()
        || (other.isPresent() && other.get().ballot().isAbove(one.get().ballot()));
    return isHigher ? other : one;
  }

  /** Where the next page of {@code peer} begins, if the first was asked for from {@code first}. */
  long next(int peer, long first) {
    Cover cover = covers.get(peer);
    return cover == null ? first : cover.end;
  }

  boolean isComplete(int peer) {
    return next(peer, 0) == Long.MAX_VALUE;
  }

  /** Whether a majority has told all that it has to tell. */
  boolean isComplete() {
    PeerSet complete = PeerSet.EMPTY;
    for (int peer : covers.keySet()) {
      complete = isComplete(peer) ? complete.with(peer) : complete;
    }
    return quorum.isReached(complete);
  }

  /** What phase one has brought for {@code seq}; empty if no majority has promised there. */
  Optional<Leadership.Opening> opening(long seq) {
    Slot slot = slots.getOrDefault(seq, Slot.EMPTY);
    PeerSet promised = PeerSet.EMPTY;
    for (Map.Entry<Integer, Cover> each : covers.entrySet()) {
      boolean counts = each.getValue().has(seq) && !slot.taken.has(each.getKey());
      promised = counts ? promised.with(each.getKey()) : promised;
    }
    if (!quorum.isReached(promised)) {
      return Optional.empty();
    }
    reach = Math.max(reach, seq);
    return Optional.of(new Leadership.Opening(ballot, slot.highest));
  }

  /** The highest instance that anybody has told of, or that was opened; -1 if there is none. */
  long reach() {
    return reach;
  }

  /** The highest vote of each instance that somebody has accepted something in. */
  List<Map.Entry<Long, Vote>> votes() {
    return slots.entrySet().stream()
        .filter(each -> each.getValue().highest.isPresent())
        .map(each -> Map.entry(each.getKey(), each.getValue().highest.get()))
        .toList();
  }

  void forgetBelow(long seq) {
    slots.headMap(seq).clear();
  }
}
