package dev.paxoskv.server.sim;

import dev.paxoskv.sim.Simulator;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** What lies between a client and a server: each way keeps its order and has its own delays. */
final class SimPath {
  private final Simulator simulator;
  private final RandomGenerator dice;
  private final LongSupplier delayMax;
  private boolean isDead;
  private long lastArrival;
  private long lastReturn;

  /** With {@code delayMax} microseconds at most, as it says when something sets out. */
  SimPath(Simulator simulator, RandomGenerator dice, LongSupplier delayMax) {
    this.simulator = simulator;
    this.dice = dice;
    this.delayMax = delayMax;
  }

  /** Nothing gets through any more, and nobody is told. */
  void fallSilent() {
    isDead = true;
  }

  void towardsServer(Runnable arrival) {
    lastArrival = Math.max(lastArrival, simulator.nowMicros() + delay());
    later(lastArrival, arrival);
  }

  void towardsClient(Runnable arrival) {
    lastReturn = Math.max(lastReturn, simulator.nowMicros() + delay());
    later(lastReturn, arrival);
  }

  private void later(long arrivalMicros, Runnable arrival) {
    simulator.after(arrivalMicros - simulator.nowMicros(), () -> {
      if (!isDead) {
        arrival.run();
      }
    });
  }

  private long delay() {
    return 50 + dice.nextLong(delayMax.getAsLong());
  }
}
