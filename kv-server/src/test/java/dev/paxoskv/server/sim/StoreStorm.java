package dev.paxoskv.server.sim;

import static dev.paxoskv.server.sim.StoreSim.MILLI;
import static dev.paxoskv.server.sim.StoreSim.SECOND;

import dev.paxoskv.server.service.PendingProbe;
import dev.paxoskv.server.sim.history.History;
import dev.paxoskv.server.sim.history.History.Kind;
import dev.paxoskv.server.sim.history.History.Op;
import dev.paxoskv.server.sim.history.History.Outcome;
import dev.paxoskv.server.sim.history.KeyCheck;
import dev.paxoskv.sim.Dice;
import dev.paxoskv.sim.LinkFaults;
import dev.paxoskv.sim.check.Witness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * A run drawn from one seed: clients at work while servers, their wires and the clients' wires fail
 * in a random selection of ways; then everything that can be well is well again.
 */
final class StoreStorm {
  /**
   * What clients ask, and for how long there are faults.
   *
   * @param stormMicros how long things fail
   * @param keys how many keys there are
   * @param opsPerSecond about how many operations clients begin in a second of calm; 0: the seed
   *     says
   * @param volleys how many operations a client begins at once, one of which is drawn
   */
  record Load(long stormMicros, int keys, int opsPerSecond, List<Integer> volleys) {
    /** Few keys and few operations: most meet on one key. */
    static final Load SMALL = new Load(6 * SECOND, 4, 0, List.of(1));

    /** A busy store for a minute. */
    static final Load BUSY = new Load(60 * SECOND, 16, 350, List.of(1, 4, 16, 32));
  }

  /** After this much of the calm, what is asked must be answered. */
  private static final long GRACE_MICROS = 4 * SECOND;

  /** No client's operation takes longer. */
  private static final long PATIENCE_MICROS = 10 * SECOND;

  private static final List<Kind> WORK =
      List.of(Kind.PUT, Kind.APPEND, Kind.APPEND, Kind.GET, Kind.GET);

  private final String name;
  private final Load load;
  private final List<String> keys;
  private final StoreSim sim;
  private final History history;
  private final RandomGenerator dice;
  private final TreeMap<String, Integer> faults = new TreeMap<>();
  private final List<CompletableFuture<?>> working = new ArrayList<>();
  private Optional<DiskStorm> disks = Optional.empty();
  private boolean isCalm;
  private int pendingMost;

  /** Every second seed is one of durable servers. */
  StoreStorm(long seed, int servers) {
    this(seed, servers, Load.SMALL, Witness.NONE);
  }

  StoreStorm(long seed, int servers, Load load, Witness witness) {
    this(seed, servers, load, witness, seed % 2 != 0);
  }

  StoreStorm(long seed, int servers, Load load, Witness witness, boolean isDurable) {
    this.name = "seed " + seed + ", " + servers + " servers";
    this.load = load;
    this.keys = IntStream.range(0, load.keys()).mapToObj(key -> "k" + key).toList();
    RandomGenerator sizes = new Dice(seed).fork("sizes", servers);
    List<SimDirectory> directories = isDurable ? DiskStorm.directories(servers, sizes) : List.of();
    SimLimits limits = SimLimits.draw(new Dice(seed).fork("limits", servers));
    this.sim = new StoreSim(servers, seed, witness, directories, limits);
    this.history = new History(sim.simulator());
    this.dice = sim.dice().fork("storm", servers);
    planWires();
    planDoors();
    planCuts();
    planChains(sim.dice().fork("chains", servers));
    planFreezes();
    if (isDurable) {
      DiskStorm storm = new DiskStorm(sim, sim.dice().fork("disks", servers), load.stormMicros());
      storm.plan();
      disks = Optional.of(storm);
    } else {
      planCrashes();
    }
    planClients();
    sim.simulator().every(MILLI, 20 * MILLI, this::lookAtPending);
  }

  StoreSim sim() {
    return sim;
  }

  History history() {
    return history;
  }

  /** How often each kind of fault was planned. */
  Map<String, Integer> faults() {
    return faults;
  }

  /** What became of durable servers. */
  Map<String, Long> disks() {
    return sim.tally().counts();
  }

  /** Runs it all and judges it; fails with the seed. */
  StoreStorm run() {
    try {
      sim.run(load.stormMicros());
      calm();
      sim.run(GRACE_MICROS);
      List<Op> last = askEveryServer();
      sim.await(
          CompletableFuture.allOf(working.toArray(CompletableFuture[]::new)), PATIENCE_MICROS);
      sim.run(2 * SECOND);
      judge(last);
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(name + ": " + e.getMessage(), e);
    }
    return this;
  }

  private void planWires() {
    double loss = dice.nextBoolean() ? dice.nextDouble(0.2) : 0;
    double duplication = dice.nextBoolean() ? dice.nextDouble(0.2) : 0;
    double reordering = dice.nextBoolean() ? dice.nextDouble(0.2) : 0;
    long delayMax = 200 + dice.nextLong(dice.nextBoolean() ? 30_000 : 1000);
    sim.network().behave(new LinkFaults(100, delayMax, loss, duplication, reordering));
    sim.network().failFast(dice.nextBoolean());
    sim.calls().unreliable(dice.nextInt(4) == 0);
    count("loss", loss > 0);
    count("duplication", duplication > 0);
    count("reordering", reordering > 0);
  }

  private void planDoors() {
    double cuts = dice.nextInt(3) > 0 ? dice.nextDouble() : 0;
    boolean isUnreliable = dice.nextInt(4) == 0;
    long delayMax = 200 + dice.nextLong(dice.nextBoolean() ? 20_000 : 1000);
    long ageMax = 50 * MILLI + dice.nextLong(2 * SECOND);
    sim.doors()
        .behave(new SimDoors.Faults(delayMax, cuts, dice.nextDouble(), ageMax, isUnreliable));
    count("client cuts", cuts > 0);
    count("unreliable clients", isUnreliable);
  }

  private void planCuts() {
    int cuts = times(dice.nextInt(6));
    for (int i = 0; i < cuts; i++) {
      long at = dice.nextLong(load.stormMicros());
      long sides = dice.nextLong();
      boolean isOneWay = dice.nextInt(3) == 0;
      during(at, () -> split(sides, isOneWay));
      during(at + dice.nextLong(3 * SECOND), sim.network()::heal);
      count(isOneWay ? "one-way cuts" : "partitions", true);
    }
  }

  /** A longer storm has more of what a short one has {@code ofShort} of. */
  private int times(int ofShort) {
    return Math.toIntExact(ofShort * load.stormMicros() / Load.SMALL.stormMicros());
  }

  private void split(long sides, boolean isOneWay) {
    for (int from = 0; from < sim.size(); from++) {
      for (int to = 0; to < sim.size(); to++) {
        long left = (sides >> from) & 1;
        long right = (sides >> to) & 1;
        if (isOneWay ? left > right : left != right) {
          sim.network().cut(from, to);
        }
      }
    }
  }

  /** Each server reaches its neighbours only, in an order that is drawn. */
  private void planChains(RandomGenerator chance) {
    int chains = times(chance.nextInt(4) == 0 ? 1 + chance.nextInt(2) : 0);
    for (int i = 0; i < chains; i++) {
      List<Integer> order =
          new ArrayList<>(IntStream.range(0, sim.size()).boxed().toList());
      Collections.shuffle(order, new Random(chance.nextLong()));
      long at = chance.nextLong(load.stormMicros());
      during(at, () -> sim.chain(order));
      during(at + chance.nextLong(3 * SECOND), sim.network()::heal);
      count("chains", true);
    }
  }

  private void planFreezes() {
    int freezes = times(dice.nextInt(2) * dice.nextInt(5));
    for (int i = 0; i < freezes; i++) {
      SimServer server = sim.server(dice.nextInt(sim.size()));
      long at = dice.nextLong(load.stormMicros());
      during(at, server::freeze);
      during(at + dice.nextLong(3 * SECOND), server::thaw);
      count("freezes", true);
    }
  }

  private void planCrashes() {
    int crashes = dice.nextInt(2) * (1 + dice.nextInt((sim.size() - 1) / 2));
    int first = dice.nextInt(sim.size());
    for (int i = 0; i < crashes; i++) {
      SimServer server = sim.server((first + i) % sim.size());
      boolean withItsMachine = dice.nextBoolean();
      during(dice.nextLong(load.stormMicros()), () -> server.crash(withItsMachine));
      count("crashes", true);
    }
  }

  private void planClients() {
    int clients = 2 + dice.nextInt(5) + load.opsPerSecond() / 50;
    int used = 1 + dice.nextInt(keys.size());
    // Half of the longest pause is the mean: clients / (mean pause) operations begin in a second.
    long thinkMax = load.opsPerSecond() > 0
        ? 2 * SECOND * clients / load.opsPerSecond()
        : (20 + dice.nextInt(100)) * MILLI * clients / used;
    int choices = load.volleys().size();
    int volley = load.volleys().get(choices > 1 ? dice.nextInt(choices) : 0);
    for (int client = 0; client < clients; client++) {
      RandomGenerator own = sim.dice().fork("work", client);
      Duration timeout = Duration.ofMillis(List.of(400, 2000, 10_000).get(own.nextInt(3)));
      SimClerk clerk = sim.clerkOfAll(timeout, own);
      int lanes = load.opsPerSecond() > 0 || own.nextInt(3) == 0 ? 3 : 1;
      for (int lane = 0; lane < lanes; lane++) {
        working.add(work(new Worker(clerk, client, used, volley, volley * thinkMax * lanes, own)));
      }
    }
  }

  private record Worker(
      SimClerk clerk, int client, int keys, int volley, long thinkMax, RandomGenerator dice) {}

  private CompletableFuture<Void> work(Worker worker) {
    if (isCalm) {
      return CompletableFuture.completedFuture(null);
    }
    CompletableFuture<?>[] volley = new CompletableFuture<?>[worker.volley()];
    for (int i = 0; i < volley.length; i++) {
      Kind kind = WORK.get(worker.dice().nextInt(WORK.size()));
      String key = keys.get(worker.dice().nextInt(worker.keys()));
      volley[i] = history.ask(worker.clerk(), worker.client(), kind, key);
    }
    return CompletableFuture.allOf(volley)
        .thenCompose(over -> worker.clerk().pause(worker.dice().nextLong(worker.thinkMax())))
        .thenCompose(over -> work(worker));
  }

  private void during(long atMicros, Runnable fault) {
    sim.simulator().after(Math.min(atMicros, load.stormMicros() - 1), fault);
  }

  private void count(String fault, boolean isOn) {
    faults.merge(fault, isOn ? 1 : 0, Integer::sum);
  }

  private void calm() {
    isCalm = true;
    sim.network().heal();
    sim.network().behave(LinkFaults.NONE);
    sim.unreliable(false);
    sim.doors().behave(SimDoors.Faults.NONE);
    sim.living().forEach(SimServer::thaw);
    disks.ifPresent(DiskStorm::calm);
  }

  /** Through each server that lives one append and one get for every key. */
  private List<Op> askEveryServer() {
    List<CompletableFuture<Op>> asked = new ArrayList<>();
    for (int server = 0; server < sim.size(); server++) {
      if (!sim.server(server).isCrashed()) {
        SimClerk clerk = sim.clerk(Duration.ofSeconds(3), server);
        for (String key : keys) {
          asked.add(history.ask(clerk, 100 + server, Kind.APPEND, key));
        }
      }
    }
    CompletableFuture<?>[] all = asked.toArray(CompletableFuture[]::new);
    sim.await(CompletableFuture.allOf(all), PATIENCE_MICROS);
    for (int server = 0; server < sim.size(); server++) {
      if (!sim.server(server).isCrashed()) {
        SimClerk clerk = sim.clerk(Duration.ofSeconds(3), server);
        for (String key : keys) {
          asked.add(history.ask(clerk, 200 + server, Kind.GET, key));
        }
      }
    }
    all = asked.toArray(CompletableFuture[]::new);
    sim.await(CompletableFuture.allOf(all), PATIENCE_MICROS);
    return asked.stream().map(CompletableFuture::join).toList();
  }

  private void judge(List<Op> last) {
    for (int me = 0; me < sim.size(); me++) {
      SimServer server = sim.server(me);
      boolean mustBeOut = server.directory().filter(SimDirectory::isOther).isPresent();
      check(!mustBeOut || server.out().isPresent(), "server " + me + " runs on another disk");
      check(!server.hasParted(), "server " + me + " stopped: " + server.out().orElse(""));
      check(disks.isEmpty() || !server.isCrashed() || server.out().isPresent(), me + " is down");
    }
    for (Op op : last) {
      check(op.outcome == Outcome.DONE, "all is well again, but: " + op);
    }
    check(history.count(Outcome.OPEN) == 0, "a client has not returned");
    for (String key : keys) {
      KeyCheck.faultOf(history.of(key)).ifPresent(fault -> check(false, fault));
    }
    long applied = sim.living().get(0).host().applied();
    for (SimServer server : sim.living()) {
      check(server.host().applied() == applied, "a server is behind");
      check(server.host().driving() == 0, "a server still drives instances");
      long heapBytes = server.directory().map(d -> d.sizes().heapBytes()).orElse(Long.MAX_VALUE);
      check(server.host().retainedBytes() <= heapBytes, "a server holds too much in memory");
      check(
          PendingProbe.count(server.pending()) == 0,
          "a server keeps " + PendingProbe.count(server.pending()) + " commands for nobody");
    }
    check(sim.watch().compared() > 0, "no states were compared");
  }

  private void lookAtPending() {
    for (SimServer server : sim.living()) {
      check(PendingProbe.isBounded(server.pending()), "pending is over its limit");
      pendingMost = Math.max(pendingMost, PendingProbe.count(server.pending()));
    }
    // Every worker has one command under way; what it gave up is pending until it is settled.
    check(pendingMost <= history.ops().size(), "more is pending than was ever asked");
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
