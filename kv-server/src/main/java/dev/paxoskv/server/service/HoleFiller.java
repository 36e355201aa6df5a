package dev.paxoskv.server.service;

import dev.paxoskv.paxos.host.Host;
import java.util.random.RandomGenerator;

/**
 * Settles instances that nobody drives any more, because their proposer died or was cut off: after
 * a random wait without progress it proposes a no-op there, and Paxos decides that or whatever was
 * accepted before. The library never does this; a value nobody asked for is the store's to invent.
 */
final class HoleFiller {
  private static final int PATIENCE_TICKS_MIN = 20;

  /** Most holes proposed for at a time. */
  private static final int HOLES_MAX = 64;

  private final Host host;
  private final RandomGenerator dice;
  private long waitingFor;
  private int ticksLeft;

  HoleFiller(Host host, RandomGenerator dice) {
    this.host = host;
    this.dice = dice;
    this.ticksLeft = patience();
  }

  void tick() {
    long next = host.applied() + 1;
    if (next > host.max() || next != waitingFor) {
      waitingFor = next;
      ticksLeft = patience();
      return;
    }
    ticksLeft--;
    if (ticksLeft <= 0) {
      ticksLeft = patience();
      long last = Math.min(host.max(), next + HOLES_MAX - 1);
      for (long seq = next; seq <= last; seq++) {
        host.start(seq, Batches.NOOP);
      }
    }
  }

  private int patience() {
    return PATIENCE_TICKS_MIN + dice.nextInt(PATIENCE_TICKS_MIN);
  }
}
