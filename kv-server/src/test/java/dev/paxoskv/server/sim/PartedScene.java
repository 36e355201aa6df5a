package dev.paxoskv.server.sim;

import static dev.paxoskv.server.sim.StoreSim.SECOND;

import dev.paxoskv.sim.check.Oracle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Three durable servers, of which one comes to another state, step by step. */
final class PartedScene {
  private static final int SERVERS = 3;
  private static final int EVERY = 64;
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final StoreSim sim;
  private int number;

  /** Of servers that save a snapshot after every so many bytes of log. */
  PartedScene(long seed, long snapshotBytes) {
    SimDirectory.Sizes sizes = new SimDirectory.Sizes(4096, snapshotBytes, 1200);
    List<SimDirectory> directories = new ArrayList<>();
    for (int me = 0; me < SERVERS; me++) {
      directories.add(new SimDirectory(sizes));
    }
    SimLimits limits = new SimLimits(SimLimits.STORE.sessions(), EVERY);
    this.sim =
        new StoreSim(SERVERS, seed, Oracle.ofMessages(SERVERS, List.of()), directories, limits);
    sim.run(2 * SECOND);
  }

  StoreSim sim() {
    return sim;
  }

  SimServer server(int index) {
    return sim.server(index);
  }

  void put(int times, int... servers) {
    SimClerk clerk = sim.clerk(PATIENCE, servers);
    for (int i = 0; i < times; i++) {
      sim.await(clerk.put("k" + number++ % 5, "x".repeat(100)), 10 * SECOND);
    }
  }

  /** Puts until server 0 has applied so far beyond the beginning of the {@code round}th round. */
  void putUntil(int round, int beyond, int... servers) {
    while (server(0).host().applied() < (long) round * EVERY + beyond) {
      put(1, servers);
    }
  }

  /**
   * The last one is away until the others have forgotten what it would need, and are in the middle
   * between two rounds.
   */
  private PartedScene leave() {
    put(2, 0, 1, 2);
    server(2).crash(true);
    putUntil(2, 5, 0, 1);
    return this;
  }

  /** The last one is away, as above, when the state of one of the others becomes another. */
  PartedScene part(int beyond) {
    leave().putUntil(2, beyond, 0, 1);
    server(1).spoil();
    return this;
  }

  /** The last one is back, and takes the state of server 1. */
  private PartedScene copy() {
    // So much that both snapshots which server 1 keeps are of after anything that befell it.
    putUntil(2, 40, 0, 1);
    sim.network().cut(0, 2);
    sim.network().cut(2, 0);
    server(2).start();
    sim.run(SECOND);
    // It does not forget from whom it has its state.
    server(2).crash(false);
    server(2).start();
    sim.network().heal();
    sim.run(SECOND);
    require(adopted() == 1, "it takes no snapshot");
    require(server(2).host().applied() < 3 * EVERY, "the next round has begun");
    return this;
  }

  /** Writes, until so many servers know that their states differ. */
  PartedScene findOut(int servers) {
    for (int i = 0; inDoubt() < servers; i++) {
      require(i < 4 * EVERY, "nobody finds out that states differ");
      settle(sim.clerk(PATIENCE, 0, 1).put("k" + number++ % 5, "x".repeat(100)));
    }
    return this;
  }

  long inDoubt() {
    return sim.living().stream()
        .filter(server -> server.state().comparison().doubt().isPresent())
        .count();
  }

  /** Waits, and returns why it failed, if it did. */
  String settle(CompletableFuture<?> asked) {
    return settle(sim, asked);
  }

  static String settle(StoreSim sim, CompletableFuture<?> asked) {
    try {
      sim.await(asked, 10 * SECOND);
      return "";
    } catch (CompletionException e) {
      return String.valueOf(e.getCause());
    }
  }

  /** Why a read at these servers fails, if it does. */
  String read(int... servers) {
    return settle(sim.clerk(PATIENCE, servers).get("k0"));
  }

  long adopted() {
    return sim.tally().times("snapshots adopted");
  }

  /** The third takes the state of neither, and so makes no majority of it by accident. */
  static StoreSim aStateThatMayBeWrongIsNotHandedOn(long seed) {
    // Both keep two snapshots, of after they have parted.
    PartedScene scene = new PartedScene(seed, 1000).part(5).findOut(2);
    scene.server(2).start();
    scene.sim.run(20 * SECOND);
    require(scene.adopted() == 0, "a state in doubt was handed on");
    require(scene.sim.living().size() == SERVERS, "somebody has stopped");
    require(scene.inDoubt() >= 2, "somebody is sure again");
    require(!scene.read(0, 1, 2).isEmpty(), "a read is answered");
    return scene.sim;
  }

  /** Else the right one stops, as if a majority knew better. */
  static StoreSim aCopyIsNoWitness(long seed) {
    PartedScene scene = new PartedScene(seed, 1000).part(5);
    scene.sim.watch().spoilt(2);
    scene.copy().findOut(3);
    scene.sim.run(5 * SECOND);
    require(scene.inDoubt() == SERVERS, "a state and its copy are taken for two");
    require(!scene.read(0, 1, 2).isEmpty(), "a read is answered");
    return scene.sim;
  }

  /** What befalls a server later does not befall its copy. */
  static StoreSim aCopyIsAWitnessOfWhatCameLater(long seed) {
    PartedScene scene = new PartedScene(seed, 1000).leave().copy();
    scene.server(1).spoil();
    scene.putUntil(3, 20, 0, 2);
    // A statement may have been lost, and is made again after a second.
    scene.sim.run(3 * SECOND);
    require(scene.server(1).hasParted(), "the wrong one goes on");
    require(scene.inDoubt() == 0, "it is not known who is right");
    return scene.sim;
  }

  /** As an operator has one saved that may be wrong, to look at it. */
  static StoreSim doubtOutlivesARestart(long seed) {
    PartedScene scene = new PartedScene(seed, 1000).part(5).findOut(2);
    scene.server(0).save();
    scene.sim.run(SECOND);
    scene.server(0).crash(false);
    scene.server(0).start();
    scene.sim.run(SECOND);
    require(scene.inDoubt() == 2, "the doubt is forgotten");
    require(!scene.read(0).isEmpty(), "a read is answered after a restart");
    return scene.sim;
  }

  static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError("parted states: " + otherwise);
    }
  }
}
