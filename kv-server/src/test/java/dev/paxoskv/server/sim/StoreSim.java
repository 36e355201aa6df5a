package dev.paxoskv.server.sim;

import dev.paxoskv.client.ClientConfig;
import dev.paxoskv.client.KvClient;
import dev.paxoskv.server.sim.SimServer.World;
import dev.paxoskv.sim.Dice;
import dev.paxoskv.sim.SimNetwork;
import dev.paxoskv.sim.Simulator;
import dev.paxoskv.sim.check.Witness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * A whole store in one thread and in virtual time: servers and clients as in production, with
 * simulated wires between them. All chance comes from one seed. At every apply the states of the
 * servers are compared.
 */
final class StoreSim {
  static final long MILLI = 1000;
  static final long SECOND = 1000 * MILLI;

  private final Simulator simulator = new Simulator();
  private final Dice dice;
  private final SimNetwork network;
  private final CallFaults calls;
  private final SimDoors doors;
  private final Watch watch;
  private final DiskTally tally = new DiskTally();
  private final List<SimServer> servers = new ArrayList<>();
  private long clients;

  StoreSim(int size, long seed) {
    this(size, seed, Witness.NONE);
  }

  StoreSim(int size, long seed, Witness witness) {
    this(size, seed, witness, List.of());
  }

  /** Servers with these data directories, by index; in memory if there are none. */
  StoreSim(int size, long seed, Witness witness, List<SimDirectory> directories) {
    this(size, seed, witness, directories, SimLimits.STORE);
  }

  StoreSim(int size, long seed, Witness witness, List<SimDirectory> directories, SimLimits limits) {
    this.dice = new Dice(seed);
    this.network = new SimNetwork(simulator, size, dice, witness);
    this.calls = new CallFaults(simulator, network, dice);
    this.doors = new SimDoors(simulator, dice);
    this.watch = new Watch("seed " + seed + ", " + size + " servers");
    World world = new World(size, limits, simulator, dice, calls, watch, tally, servers);
    for (int me = 0; me < size; me++) {
      Optional<SimDirectory> directory =
          directories.isEmpty() ? Optional.empty() : Optional.of(directories.get(me));
      SimServer server = new SimServer(world, me, directory);
      servers.add(server);
      doors.add(server);
    }
  }

  Simulator simulator() {
    return simulator;
  }

  Dice dice() {
    return dice;
  }

  SimNetwork network() {
    return network;
  }

  SimDoors doors() {
    return doors;
  }

  Watch watch() {
    return watch;
  }

  /** What servers found on their disks. */
  DiskTally tally() {
    return tally;
  }

  CallFaults calls() {
    return calls;
  }

  int size() {
    return servers.size();
  }

  SimServer server(int index) {
    return servers.get(index);
  }

  /** Those that have not crashed. */
  List<SimServer> living() {
    return servers.stream().filter(server -> !server.isCrashed()).toList();
  }

  /** The course's loss, between servers and between clients and servers. */
  void unreliable(boolean isOn) {
    calls.unreliable(isOn);
    doors.behave(new SimDoors.Faults(doors.faults().delayMax(), 0, 0, 0, isOn));
  }

  /** From now on only servers of the same group reach each other. */
  void partition(int[]... groups) {
    int[] numbers = new int[size()];
    for (int group = 0; group < groups.length; group++) {
      for (int server : groups[group]) {
        numbers[server] = group + 1;
      }
    }
    partitionBy(numbers);
  }

  /** One group for each distinct number. */
  void partitionBy(int[] numbers) {
    network.heal();
    for (int from = 0; from < size(); from++) {
      for (int to = 0; to < size(); to++) {
        if (numbers[from] != numbers[to]) {
          network.cut(from, to);
        }
      }
    }
  }

  /** From now on each server reaches those only that stand next to it in {@code order}. */
  void chain(List<Integer> order) {
    network.heal();
    for (int one = 0; one < size(); one++) {
      for (int other = one + 2; other < size(); other++) {
        network.cut(order.get(one), order.get(other));
        network.cut(order.get(other), order.get(one));
      }
    }
  }

  /** A client that asks these servers, in this order. */
  SimClerk clerk(Duration timeout, int... order) {
    List<String> addresses = IntStream.of(order).mapToObj(SimDoors::address).toList();
    long number = clients++;
    SimEdge edge = new SimEdge(simulator, doors, dice.fork("client", number));
    return new SimClerk(simulator, KvClient.open(new ClientConfig(addresses, timeout), edge));
  }

  /** A client that asks all servers, in an order that {@code choice} makes. */
  SimClerk clerkOfAll(Duration timeout, RandomGenerator choice) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, size()).boxed().toList());
    Collections.shuffle(order, new Random(choice.nextLong()));
    return clerk(timeout, order.stream().mapToInt(Integer::intValue).toArray());
  }

  void run(long micros) {
    simulator.run(micros);
  }

  /** Lets time pass until {@code awaited} is there. */
  <T> T await(CompletableFuture<T> awaited, long microsMax) {
    long end = simulator.nowMicros() + microsMax;
    while (!awaited.isDone() && simulator.nowMicros() < end) {
      simulator.run(MILLI);
    }
    if (!awaited.isDone()) {
      throw new AssertionError("not done within " + microsMax / MILLI + " ms of virtual time");
    }
    return awaited.join();
  }
}
