package dev.paxoskv.server.service;

import dev.paxoskv.paxos.host.Host;
import dev.paxoskv.server.service.Pending.Operation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Commands that were handed to the leader and are not applied yet. One that is not applied in time,
 * or whose leader is none any more, is given back: it may be proposed twice then, and is applied
 * once, as its session has a number for it. Nobody is waited for in vain, so a leader that does not
 * answer is passed by for a while.
 */
final class Forwarding {
  /** Most batches on their way. */
  static final int WINDOW = 4;

  /** So long the leader has for a batch. */
  static final int PATIENCE_TICKS = 50;

  /** So long a leader that took longer is handed nothing. */
  static final int DISTRUST_TICKS = 100;

  /** One batch, in the order in which its commands will be applied, and how many have been. */
  private static final class Handed {
    final int leader;
    final long dueTick;
    final List<Operation> operations;
    int applied;

    Handed(int leader, long dueTick, List<Operation> operations) {
      this.leader = leader;
      this.dueTick = dueTick;
      this.operations = operations;
    }

    boolean isApplied() {
      while (applied < operations.size() && operations.get(applied).isCompleted) {
        applied++;
      }
      return applied == operations.size();
    }
  }

  private final Host host;
  private final ArrayDeque<Handed> underWay = new ArrayDeque<>();
  private long now;
  private long trustedFrom;

  Forwarding(Host host) {
    this.host = host;
  }

  void tick() {
    now++;
  }

  /** Another server that proposes for this one; -1 if this one proposes for itself. */
  int leader() {
    int leader = now < trustedFrom ? -1 : host.leader();
    return leader == host.me() ? -1 : leader;
  }

  boolean hasRoom() {
    return underWay.size() < WINDOW;
  }

  void hand(int leader, List<Operation> operations) {
    underWay.addLast(new Handed(leader, now + PATIENCE_TICKS, operations));
    host.forward(leader, Batches.join(List.of(), operations));
  }

  /** Takes out what is applied, and returns what must be proposed in another way, in order. */
  List<Operation> settle() {
    List<Operation> back = new ArrayList<>();
    int leader = leader();
    for (Iterator<Handed> each = underWay.iterator(); each.hasNext(); ) {
      Handed handed = each.next();
      boolean isLate = now >= handed.dueTick;
      if (handed.isApplied()) {
        each.remove();
      } else if (isLate || handed.leader != leader) {
        each.remove();
        handed.operations.stream().filter(o -> !o.isCompleted).forEach(back::add);
        trustedFrom = isLate ? now + DISTRUST_TICKS : trustedFrom;
      }
    }
    return back;
  }
}
