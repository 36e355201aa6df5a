package dev.paxoskv.server.service;

import dev.paxoskv.paxos.host.Host;
import dev.paxoskv.server.service.Pending.Operation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Commands that were handed to the leader, or to a server that passes them on to a leader whom this
 * one does not reach, and are not applied yet. One that is not applied in time, or whose way to the
 * leader is none any more, is given back: it may be proposed twice then, and is applied once, as
 * its session has a number for it. Nobody is waited for in vain, so a way that takes too long is
 * left for a while.
 */
final class Forwarding {
  /** Most batches on their way. */
  static final int WINDOW = 4;

  /** So long a batch has. */
  static final int PATIENCE_TICKS = 50;

  /** So long, after one that took longer, nothing is handed on. */
  static final int DISTRUST_TICKS = 100;

  /** One batch, in the order in which its commands will be applied, and how many have been. */
  private static final class Handed {
    final int way;
    final long dueTick;
    final List<Operation> operations;
    int applied;

    Handed(int way, long dueTick, List<Operation> operations) {
      this.way = way;
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

  /** Another server to hand things to; -1 if this one proposes for itself. */
  int way() {
    int way = now < trustedFrom ? -1 : host.way();
    return way == host.me() ? -1 : way;
  }

  boolean hasRoom() {
    return underWay.size() < WINDOW;
  }

  void hand(int way, List<Operation> operations) {
    underWay.addLast(new Handed(way, now + PATIENCE_TICKS, operations));
    host.forward(way, Batches.of(operations));
  }

  /** Takes out what is applied, and returns what must be proposed in another way, in order. */
  List<Operation> settle() {
    List<Operation> back = new ArrayList<>();
    int way = way();
    for (Iterator<Handed> each = underWay.iterator(); each.hasNext(); ) {
      Handed handed = each.next();
      boolean isLate = now >= handed.dueTick;
      if (handed.isApplied()) {
        each.remove();
      } else if (isLate || handed.way != way) {
        each.remove();
        handed.operations.stream().filter(o -> !o.isCompleted).forEach(back::add);
        trustedFrom = isLate ? now + DISTRUST_TICKS : trustedFrom;
      }
    }
    return back;
  }
}
