package dev.paxoskv.sim.check;

import dev.paxoskv.paxos.protocol.Message;
import dev.paxoskv.paxos.protocol.Message.Decided;
import dev.paxoskv.paxos.protocol.Message.Done;
import dev.paxoskv.paxos.protocol.Message.Fetch;
import dev.paxoskv.paxos.protocol.Quorum.PeerSet;
import dev.paxoskv.paxos.protocol.Talk.Span;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * An idle peer of the library sends nothing of its own accord, however much time passes. Only what
 * certainly did not get through is owed until it does, a done mark or a decision; and what was
 * asked for may be asked for again.
 */
final class SilenceChecker implements Witness {
  static final String RULE = "idle silence";

  /** No peer asks for more of one other at a time. */
  private static final long ASKED_MAX = 1024;

  private record Way(int from, int to) {}

  private final Set<Way> failed = new HashSet<>();
  private final Map<Way, Set<Long>> owed = new HashMap<>();
  private final Map<Way, Set<Long>> asked = new HashMap<>();

  /** Who was told of a decision by whom, and has not asked for it yet. */
  private final Set<Way> told = new HashSet<>();

  private PeerSet idle = PeerSet.EMPTY;

  /** From now on the peers of {@code idle} have nothing to do. */
  void begin(PeerSet idle) {
    this.idle = idle;
  }

  @Override
  public void failed(Hop hop) {
    Way way = new Way(hop.from(), hop.to());
    failed.add(way);
    Set<Long> decisions = owed.computeIfAbsent(way, w -> new HashSet<>());
    if (hop.message() instanceof Decided decided) {
      decisions.add(decided.seq());
    }
    hop.envelope().news().ifPresent(news -> {
      for (Span span : news.spans()) {
        addAll(decisions, span.first(), span.last());
      }
    });
  }

  @Override
  public void arrived(Hop hop) {
    if (hop.message() instanceof Decided || hop.envelope().news().isPresent()) {
      told.add(new Way(hop.to(), hop.from()));
    }
  }

  @Override
  public void sent(Hop hop) {
    if (!(hop.message() instanceof Message.Request)) {
      return;
    }
    boolean isOwed = isOwed(new Way(hop.from(), hop.to()), hop.message());
    if (idle.has(hop.from()) && !isOwed) {
      throw new Violation(
          RULE, "peer " + hop.from() + " is idle and sends " + hop.message() + " to " + hop.to());
    }
  }

  private boolean isOwed(Way way, Message message) {
    if (message instanceof Decided decided) {
      return owed.getOrDefault(way, new HashSet<>()).remove(decided.seq());
    } else if (message instanceof Fetch fetch) {
      Set<Long> before = asked.computeIfAbsent(way, w -> new HashSet<>());
      boolean isFirst = addAll(before, fetch.first(), fetch.last());
      boolean wasTold = told.remove(way);
      return wasTold || !isFirst;
    }
    return failed.remove(way) && message instanceof Done;
  }

  private static boolean addAll(Set<Long> instances, long first, long last) {
    boolean isNews = false;
    for (long seq = first; seq <= last && seq < first + ASKED_MAX; seq++) {
      isNews |= instances.add(seq);
    }
    return isNews;
  }
}
