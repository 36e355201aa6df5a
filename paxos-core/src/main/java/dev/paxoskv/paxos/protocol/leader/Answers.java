package dev.paxoskv.paxos.protocol.leader;

import dev.paxoskv.paxos.protocol.Quorum.PeerSet;
import dev.paxoskv.paxos.protocol.Talk.Pong;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** What each other peer answered last, and who has answered lately. */
final class Answers {
  private final TreeMap<Integer, Pong> newest = new TreeMap<>();
  private long now;

  void tick(long tick) {
    now = tick;
  }

  /** An answer may be overtaken by a later one, which then stays. */
  void add(int from, Pong pong) {
    Pong before = newest.get(from);
    if (pong.sent() <= now && (before == null || pong.sent() >= before.sent())) {
      newest.put(from, pong);
    }
  }

  /** Whoever has answered lately. */
  PeerSet recent() {
    return recent(pong -> true);
  }

  /** Whoever has said so, lately. */
  PeerSet recent(Predicate<Pong> what) {
    PeerSet recent = PeerSet.EMPTY;
    for (Map.Entry<Integer, Pong> each : newest.entrySet()) {
      boolean isRecent = now - each.getValue().sent() <= Election.TIMEOUT_TICKS;
      recent = isRecent && what.test(each.getValue()) ? recent.with(each.getKey()) : recent;
    }
    return recent;
  }
}
