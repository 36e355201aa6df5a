package dev.paxoskv.server.sim;

import dev.paxoskv.paxos.journal.JournalWorker;
import dev.paxoskv.sim.Simulator;
import dev.paxoskv.sim.disk.SimDisk.PowerCut;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * A thread that waits for the disk, in virtual time: one piece of work after the other, each done
 * some time after it was given, and known to be done some time after that. A process that ends in
 * between loses the work, or the news of it.
 */
final class SimDiskThread implements JournalWorker {
  private static final long NEWS_MICROS_MAX = 100;

  private final Simulator simulator;
  private final SimDirectory directory;
  private final RandomGenerator dice;
  private final SimProcess process;
  private final Set<Long> takenBack = new HashSet<>();
  private long given;
  private long beginsAt;
  private long doneAt;
  private long toldAt;
  private boolean isBroken;

  SimDiskThread(
      Simulator simulator, SimDirectory directory, RandomGenerator dice, SimProcess process) {
    this.simulator = simulator;
    this.directory = directory;
    this.dice = dice;
    this.process = process;
  }

  @Override
  public <T> void run(Work<T> work, Consumer<T> then) {
    long number = ++given;
    beginsAt = Math.max(doneAt, simulator.nowMicros());
    doneAt = beginsAt + directory.latency(dice);
    simulator.after(doneAt - simulator.nowMicros(), () -> {
      if (!takenBack.remove(number)) {
        perform(work, then);
      }
    });
  }

  @Override
  public boolean takeBack() {
    boolean isPossible = simulator.nowMicros() < beginsAt;
    if (isPossible) {
      takenBack.add(given);
      doneAt = beginsAt;
    }
    return isPossible;
  }

  private <T> void perform(Work<T> work, Consumer<T> then) {
    if (isBroken || process.isOver()) {
      return;
    }
    try {
      T result = work.perform();
      toldAt = Math.max(toldAt, simulator.nowMicros() + dice.nextLong(NEWS_MICROS_MAX));
      simulator.after(
          toldAt - simulator.nowMicros(), () -> process.news(() -> then.accept(result)));
    } catch (IOException e) {
      isBroken = true;
      process.news(process::diskFailed);
    } catch (PowerCut e) {
      isBroken = true;
      process.lostPower();
    }
  }
}
