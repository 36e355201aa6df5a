package dev.paxoskv.server.sim;

import dev.paxoskv.client.edge.Connection;
import dev.paxoskv.client.edge.Edge;
import dev.paxoskv.paxos.net.Address;
import dev.paxoskv.sim.Simulator;
import java.util.concurrent.RejectedExecutionException;
import java.util.random.RandomGenerator;

/** What a client touches of the world, in virtual time. */
final class SimEdge implements Edge {
  private final Simulator simulator;
  private final SimDoors doors;
  private final RandomGenerator dice;
  private boolean isClosed;

  SimEdge(Simulator simulator, SimDoors doors, RandomGenerator dice) {
    this.simulator = simulator;
    this.doors = doors;
    this.dice = dice;
  }

  @Override
  public long nanos() {
    return simulator.nowMicros() * 1000;
  }

  @Override
  public RandomGenerator dice() {
    return dice;
  }

  /** Always: whoever waits in virtual time waits for ever. */
  @Override
  public boolean isOwnThread() {
    return true;
  }

  @Override
  public void execute(Runnable action) {
    if (isClosed) {
      throw new RejectedExecutionException("closed");
    }
    simulator.after(0, action);
  }

  @Override
  public void after(long nanos, Runnable action) {
    long micros = Math.max(0, (nanos + 999) / 1000);
    simulator.after(micros, () -> {
      if (!isClosed) {
        action.run();
      }
    });
  }

  @Override
  public Connection dial(Address address, long openNanosMax, Connection.Listener listener) {
    SimWire wire = doors.dial(address, listener);
    after(openNanosMax, () -> wire.giveUpOpening(openNanosMax));
    return wire;
  }

  @Override
  public void close(Runnable last) {
    if (!isClosed) {
      execute(last);
      isClosed = true;
    }
  }
}
