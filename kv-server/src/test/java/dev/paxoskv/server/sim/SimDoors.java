package dev.paxoskv.server.sim;

import dev.paxoskv.client.edge.Connection;
import dev.paxoskv.paxos.net.Address;
import dev.paxoskv.sim.Dice;
import dev.paxoskv.sim.Simulator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The ways from clients to servers, and what goes wrong on them. */
final class SimDoors {
  private static final String HOST = "simulated";

  /**
   * How connections of clients behave. Rates are from 0 to 1, times in microseconds.
   *
   * @param delayMax longest way of a frame
   * @param cuts how many connections break
   * @param silent how many of those that break do so without a word to either side
   * @param ageMax latest age at which they break
   * @param isUnreliable whether single requests and answers get lost as in the course's suite
   */
  record Faults(long delayMax, double cuts, double silent, long ageMax, boolean isUnreliable) {
    static final Faults NONE = new Faults(500, 0, 0, 0, false);
  }

  private final Simulator simulator;
  private final Dice dice;
  private final List<SimServer> servers = new ArrayList<>();
  private Faults faults = Faults.NONE;
  private long dialled;

  SimDoors(Simulator simulator, Dice dice) {
    this.simulator = simulator;
    this.dice = dice;
  }

  void add(SimServer server) {
    servers.add(server);
  }

  /** How to name server {@code index} to a client. */
  static String address(int index) {
    return HOST + ":" + (index + 1);
  }

  void behave(Faults newFaults) {
    faults = newFaults;
  }

  Faults faults() {
    return faults;
  }

  SimWire dial(Address address, Connection.Listener listener) {
    RandomGenerator own = dice.fork("wire", dialled++);
    SimServer server = servers.get(address.port() - 1);
    SimWire wire = new SimWire(this, simulator, server, address, own);
    wire.open(listener);
    age(own)
        .ifPresent(micros ->
            simulator.after(micros, () -> wire.breakOff(own.nextDouble() < faults.silent())));
    return wire;
  }

  /** When a new connection breaks, if it does. */
  private Optional<Long> age(RandomGenerator own) {
    return own.nextDouble() < faults.cuts()
        ? Optional.of(own.nextLong(1 + faults.ageMax()))
        : Optional.empty();
  }
}
