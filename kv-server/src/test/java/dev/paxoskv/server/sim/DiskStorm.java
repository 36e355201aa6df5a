package dev.paxoskv.server.sim;

import static dev.paxoskv.server.sim.StoreSim.MILLI;
import static dev.paxoskv.server.sim.StoreSim.SECOND;

import dev.paxoskv.sim.Simulator;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What befalls durable servers in a storm: they are killed, lose power one by one or all at once,
 * come back, have slow and failing disks. And one disk of them at most rots, or is lost.
 */
final class DiskStorm {
  /** A stop in the middle of work comes before one of so many effects that follow. */
  private static final int EFFECTS_MAX = 6;

  /** Before so long everyone is known to everyone, if nobody is away. */
  private static final long KNOWN_MICROS = 2 * SECOND;

  private final StoreSim sim;
  private final RandomGenerator dice;
  private final long stormMicros;

  DiskStorm(StoreSim sim, RandomGenerator dice, long stormMicros) {
    this.sim = sim;
    this.dice = dice;
    this.stormMicros = stormMicros;
  }

  /** A directory for each server; sizes are drawn. */
  static List<SimDirectory> directories(int servers, RandomGenerator dice) {
    SimDirectory.Sizes sizes = SimDirectory.Sizes.draw(dice);
    List<SimDirectory> directories = new ArrayList<>();
    for (int me = 0; me < servers; me++) {
      directories.add(new SimDirectory(sizes));
    }
    return directories;
  }

  void plan() {
    repeat(dice.nextInt(2) * dice.nextInt(6), this::planKill);
    repeat(dice.nextInt(2) * dice.nextInt(4), this::planPowerCut);
    repeat(Math.max(0, dice.nextInt(4) - 1), this::planBlackout);
    repeat(dice.nextInt(2) * dice.nextInt(3), this::planSlowDisk);
    repeat(Math.max(0, dice.nextInt(4) - 1), this::planFailedSync);
    if (dice.nextBoolean()) {
      planLoss();
    }
  }

  /** After the storm all disks are well, and everyone who may run runs. */
  void calm() {
    for (int me = 0; me < sim.size(); me++) {
      SimServer server = sim.server(me);
      server.directory().orElseThrow().slowness(1);
      server.start();
    }
  }

  private void planKill() {
    SimServer server = any();
    long at = moment();
    if (dice.nextBoolean()) {
      // Its proposals get ahead of its own disk, which then knows nothing of them.
      SimDirectory directory = server.directory().orElseThrow();
      during(at - Math.min(at, 40 * MILLI), () -> directory.slowness(64));
      during(at + 20 * MILLI, () -> directory.slowness(1));
    }
    stop(server, at, true);
    if (dice.nextBoolean()) {
      // What the first stop left in memory only must not be lost by the second.
      long again = at + 305 * MILLI + dice.nextLong(60 * MILLI);
      during(again, () -> server.crash(true));
      backAfter(again, server);
    }
  }

  private void planPowerCut() {
    stop(any(), moment(), false);
  }

  private void stop(SimServer server, long at, boolean isKill) {
    boolean isInTheMiddle = dice.nextBoolean();
    int effects = dice.nextInt(EFFECTS_MAX);
    during(at, () -> {
      if (isInTheMiddle && !server.isCrashed()) {
        server.directory().orElseThrow().stopAfter(effects, isKill);
      } else {
        server.crash(!isKill);
      }
    });
    backAfter(at, server);
  }

  private void planBlackout() {
    long at = moment();
    during(at, () -> {
      for (int me = 0; me < sim.size(); me++) {
        sim.server(me).crash(true);
      }
      sim.tally().count("blackouts");
    });
    for (int me = 0; me < sim.size(); me++) {
      backAfter(at, sim.server(me));
    }
  }

  private void planSlowDisk() {
    SimDirectory directory = any().directory().orElseThrow();
    long factor = 2L << dice.nextInt(8);
    long at = moment();
    during(at, () -> directory.slowness(factor));
    during(at + dice.nextLong(2 * SECOND), () -> directory.slowness(1));
    sim.tally().count("slow disks");
  }

  private void planFailedSync() {
    SimServer server = any();
    int more = dice.nextInt(10);
    during(moment(), () -> {
      server.directory().orElseThrow().disk().failSyncAfter(more);
      sim.tally().count("failed syncs planned");
    });
  }

  private void planLoss() {
    SimServer server = any();
    boolean isWiped = dice.nextInt(4) == 0;
    boolean withItsMachine = dice.nextBoolean();
    long at = KNOWN_MICROS + dice.nextLong(stormMicros - KNOWN_MICROS);
    during(at, () -> {
      if (!isWiped && !server.isCrashed()) {
        server.crash(withItsMachine);
      }
      if (isWiped && areAllKnown()) {
        server.crash(true);
        server.directory().orElseThrow().wipe();
        sim.tally().count("wiped disks");
      } else if (!isWiped
          && areAllKnown(server)
          && server.directory().orElseThrow().rot(dice)) {
        sim.tally().count("rotten disks");
      }
    });
    backAfter(at, server);
  }

  /** Whether each has a registration that survives, so that it can do without a lost one. */
  private boolean areAllKnown(SimServer... except) {
    List<SimServer> others = new ArrayList<>(sim.living());
    others.removeAll(List.of(except));
    return others.size() + except.length == sim.size()
        && others.stream()
            .allMatch(s -> s.host().members().mayVote() && s.host().applied() > 0);
  }

  private void backAfter(long at, SimServer server) {
    long down = dice.nextInt(3) == 0 ? dice.nextLong(20 * MILLI) : dice.nextLong(2 * SECOND);
    during(at + 1 + down, server::start);
  }

  private SimServer any() {
    return sim.server(dice.nextInt(sim.size()));
  }

  private long moment() {
    return dice.nextLong(stormMicros);
  }

  /** A longer storm has more. */
  private void repeat(int times, Runnable plan) {
    for (long i = 0; i < times * stormMicros / StoreStorm.Load.SMALL.stormMicros(); i++) {
      plan.run();
    }
  }

  private void during(long atMicros, Runnable fault) {
    Simulator simulator = sim.simulator();
    simulator.after(Math.min(atMicros, stormMicros - 1), fault);
  }
}
