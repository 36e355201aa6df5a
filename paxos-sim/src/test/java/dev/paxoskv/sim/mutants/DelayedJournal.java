package dev.paxoskv.sim.mutants;

import dev.paxoskv.paxos.host.Journal;
import dev.paxoskv.paxos.protocol.DurableRecord;
import dev.paxoskv.sim.Simulator;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.random.RandomGenerator;

/** A journal on a slow disk: what is appended becomes durable only some time after the sync. */
final class DelayedJournal implements Journal {
  private final Simulator simulator;
  private final RandomGenerator dice;
  private final long delayMax;
  private final Consumer<DurableRecord> becameDurable;
  private final ArrayDeque<DurableRecord> waiting = new ArrayDeque<>();
  private Runnable afterSync = () -> {};
  private long appended;
  private long durable;

  /**
   * An empty journal.
   *
   * @param delayMax longest sync in microseconds; 0: durable at once
   * @param becameDurable hears of each record before the host does
   */
  DelayedJournal(
      Simulator simulator,
      RandomGenerator dice,
      long delayMax,
      Consumer<DurableRecord> becameDurable) {
    this.simulator = simulator;
    this.dice = dice;
    this.delayMax = delayMax;
    this.becameDurable = becameDurable;
  }

  /** What to do when a late sync has been reported. */
  void afterSync(Runnable action) {
    afterSync = action;
  }

  @Override
  public long append(DurableRecord record) {
    waiting.addLast(record);
    return ++appended;
  }

  @Override
  public void sync(LongConsumer report) {
    long position = appended;
    if (delayMax == 0) {
      reach(position, report);
    } else {
      simulator.after(dice.nextLong(delayMax), () -> {
        reach(position, report);
        afterSync.run();
      });
    }
  }

  private void reach(long position, LongConsumer report) {
    while (durable < position) {
      durable++;
      becameDurable.accept(waiting.removeFirst());
    }
    report.accept(durable);
  }
}
