package dev.paxoskv.server.service;

import dev.paxoskv.server.machine.KvStateMachine.SessionLimits;
import java.util.function.LongSupplier;

/**
 * The time that batches of this server carry, in milliseconds: that of the newest batch applied,
 * and on from there by this server's ticks, though never by more than a second. So time goes on at
 * the pace of the fastest server, a clock that is wrong or jumps is nobody's trouble, and one that
 * races cannot end everyone's session with one batch.
 */
final class BatchClock {
  private static final long TICK_MILLIS = 10;

  private final LongSupplier appliedTime;
  private long own;

  /** Goes on from {@code applied}, the highest time of a batch applied. */
  BatchClock(LongSupplier applied) {
    this.appliedTime = applied;
  }

  /** One unit of time has passed. */
  void tick() {
    long applied = appliedTime.getAsLong();
    long most = applied + SessionLimits.AHEAD_MILLIS_MAX;
    own = Math.max(applied, Math.min(own + TICK_MILLIS, most));
  }

  /** What a batch that is made now carries; never 0, which stands for none. */
  long stamp() {
    return Math.max(1, Math.max(own, appliedTime.getAsLong()));
  }
}
