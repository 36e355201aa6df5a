package dev.paxoskv.sim.golden;

import dev.paxoskv.paxos.host.Journal;
import dev.paxoskv.paxos.protocol.DurableRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * A journal that keeps everything. It is durable at once, or, while held, only when told; what was
 * written and not yet durable is lost in a crash.
 */
final class HandJournal implements Journal {
  private final boolean isLying;
  private final List<DurableRecord> durable = new ArrayList<>();
  private final List<DurableRecord> pending = new ArrayList<>();
  private long position;
  private boolean isHeld;
  private boolean isFull;

  /** A {@code lying} one reports as durable what it has not made durable. */
  HandJournal(boolean isLying) {
    this.isLying = isLying;
  }

  @Override
  public long append(DurableRecord record) {
    pending.add(record);
    return ++position;
  }

  @Override
  public void sync(LongConsumer report) {
    if (!isHeld) {
      settle();
    }
    if (!isHeld || isLying) {
      report.accept(position);
    }
  }

  void hold() {
    isHeld = true;
  }

  boolean isPending() {
    return !pending.isEmpty();
  }

  /** Makes everything durable and returns the position up to which it is. */
  long settle() {
    durable.addAll(pending);
    pending.clear();
    return position;
  }

  void crash() {
    pending.clear();
  }

  List<DurableRecord> durable() {
    return durable;
  }

  List<DurableRecord> pending() {
    return pending;
  }

  /** From now on there is room for what has begun only; or for more again. */
  void full(boolean nowFull) {
    isFull = nowFull;
  }

  @Override
  public boolean hasRoom() {
    return !isFull;
  }
}
