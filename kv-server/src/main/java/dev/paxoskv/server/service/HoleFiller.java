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
  private static final int PATIENCE_TICKS_MAX = 250;

  /** Most holes proposed for at a time. */
  private static final int HOLES_MAX = 64;

  private final Host host;
  private final RandomGenerator dice;
  private long waitingFor;
  private int ticksLeft;
  private int attempts;

  HoleFiller(Host host, RandomGenerator dice) {
    this.host = host;
    this.dice = dice;
    this.ticksLeft = patience();
  }

  void tick() {
    long next = host.applied() + 1;
    if (next > host.max() || next != waitingFor) {
      waitingFor = next;
      attempts = 0;
      ticksLeft = patience();
      return;
    }
    ticksLeft--;
    if (ticksLeft <= 0) {
      attempts++;
      ticksLeft = patience();
      long last = Math.min(host.max(), next + HOLES_MAX - 1);
      for (long seq = next; seq <= last; seq++) {
        host.start(seq, Batches.NOOP);
      }
    }
  }

  /** Grows while it does not help, so that slow servers are not overtaken by no-ops for ever. */
  private int patience() {
    int window = Math.min(PATIENCE_TICKS_MAX, PATIENCE_TICKS_MIN << Math.min(attempts, 10));
    return window + dice.nextInt(window);
  }
}
