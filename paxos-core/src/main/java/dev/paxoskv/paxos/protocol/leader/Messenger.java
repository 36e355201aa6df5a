package dev.paxoskv.paxos.protocol.leader;

import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.Quorum.PeerSet;
import dev.paxoskv.paxos.protocol.Talk.News;
import dev.paxoskv.paxos.protocol.Talk.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which decisions of this leader each peer has not been told of. They ride on the next request that
 * goes to it. Only instances decided with the value that this leader proposed under its ballot are
 * ever told in this way: a peer that accepted under that ballot then knows the value. What was
 * decided under another ballot may be something else, and is told with its value or not at all.
 */
final class Messenger {
  private final List<List<Span>> untold = new ArrayList<>();
  private Ballot ballot = Ballot.ZERO;
  private PeerSet called = PeerSet.EMPTY;

  Messenger(int peers) {
    for (int peer = 0; peer < peers; peer++) {
      untold.add(new ArrayList<>());
    }
  }

  /**
   * The instance was decided with what this peer proposed in it under {@code under}. False if there
   * is no room for it, or something of an earlier ballot waits: it must be told in another way.
   */
  boolean decided(long seq, Ballot under) {
    boolean isWaiting = untold.stream().anyMatch(spans -> !spans.isEmpty());
    boolean isFull = untold.stream().anyMatch(spans -> spans.size() == News.SPANS_MAX);
    if (isFull || (isWaiting && !under.equals(ballot))) {
      return false;
    }
    ballot = under;
    untold.forEach(spans -> add(spans, seq));
    return true;
  }

  private static void add(List<Span> spans, long seq) {
    int last = spans.size() - 1;
    if (last >= 0 && spans.get(last).isFollowedBy(seq)) {
      spans.set(last, new Span(spans.get(last).first(), seq));
    } else {
      spans.add(new Span(seq, seq));
    }
  }

  /**
   * Whether a request must be sent to {@code peer} only because there is something to tell it; once
   * for all that it will take along.
   */
  boolean callsFor(int peer) {
    boolean isDue = !called.has(peer) && !untold.get(peer).isEmpty();
    called = isDue ? called.with(peer) : called;
    return isDue;
  }

  /** A request is about to leave for {@code peer} and takes along what it has not been told. */
  Optional<News> take(int peer) {
    called = called.without(peer);
    if (untold.get(peer).isEmpty()) {
      return Optional.empty();
    }
    News news = new News(ballot, List.copyOf(untold.get(peer)));
    untold.get(peer).clear();
    return Optional.of(news);
  }
}
