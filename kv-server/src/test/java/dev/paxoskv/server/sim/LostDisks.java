package dev.paxoskv.server.sim;

import static dev.paxoskv.server.sim.StoreSim.MILLI;
import static dev.paxoskv.server.sim.StoreSim.SECOND;

import dev.paxoskv.server.sim.history.History;
import dev.paxoskv.server.sim.history.History.Kind;
import dev.paxoskv.server.sim.history.KeyCheck;
import dev.paxoskv.sim.check.Witness;
import dev.paxoskv.sim.disk.SimDisk;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What happens to servers that come back with less than they had, step by step. */
final class LostDisks {
  private static final String KEY = "k";

  private final long seed;
  private final StoreSim sim;
  private final History history;
  private int clients;

  private LostDisks(long seed, int servers) {
    this.seed = seed;
    List<SimDirectory> directories = new ArrayList<>();
    for (int me = 0; me < servers; me++) {
      directories.add(new SimDirectory(new SimDirectory.Sizes(4096, 2048, 4096)));
    }
    this.sim = new StoreSim(servers, seed, Witness.NONE, directories);
    this.history = new History(sim.simulator());
  }

  /** A server comes back with a copy of its directory that is half a second old. */
  static LostDisks oldImage(long seed) {
    return less(seed, false, false);
  }

  /** A server comes back with an empty directory. */
  static LostDisks wiped(long seed) {
    return less(seed, true, false);
  }

  /**
   * The same while the others come back as well: they know of its past only what their logs say.
   */
  static LostDisks wipedInABlackout(long seed) {
    return less(seed, true, true);
  }

  private static LostDisks less(long seed, boolean isWiped, boolean isOfAll) {
    LostDisks run = new LostDisks(seed, 3);
    run.sim.run(SECOND);
    run.append(0, 10);
    SimServer victim = run.sim.server((int) (seed % 3));
    SimDisk copy = victim.directory().orElseThrow().copy();
    run.append(0, 10);
    (isOfAll ? run.sim.living() : List.of(victim)).forEach(server -> server.crash(true));
    if (isWiped) {
      victim.directory().orElseThrow().wipe();
    } else {
      victim.directory().orElseThrow().restore(copy);
    }
    for (int me = 0; me < run.sim.size(); me++) {
      run.sim.server(me).start();
    }
    run.sim.run(SECOND);
    run.check(victim.out().isPresent(), "a lost memory takes part");
    run.append(((int) (seed % 3) + 1) % 3, 3);
    return run.judge();
  }

  /** Of seven servers three lose their disks, which is a minority, and others know nothing yet. */
  static LostDisks wipedMinority(long seed) {
    LostDisks run = new LostDisks(seed, 7);
    // The last two do not hear of anybody for now.
    run.sim.partition(new int[] {0, 1, 2, 3, 4}, new int[] {5, 6});
    run.sim.run(2 * SECOND);
    run.append(0, 3);
    for (int lost = 0; lost < 3; lost++) {
      run.sim.server(lost).crash(true);
      run.sim.server(lost).directory().orElseThrow().wipe();
    }
    run.sim.partition(new int[] {0, 1, 2, 5, 6}, new int[] {3, 4});
    for (int lost = 0; lost < 3; lost++) {
      run.sim.server(lost).start();
    }
    run.sim.run(3 * SECOND);
    run.append(5, 3);
    run.get(5);
    return run.judge();
  }

  StoreSim sim() {
    return sim;
  }

  History history() {
    return history;
  }

  private void append(int server, int times) {
    for (int i = 0; i < times; i++) {
      ask(server, Kind.APPEND);
    }
  }

  private void get(int server) {
    ask(server, Kind.GET);
  }

  private void ask(int server, Kind kind) {
    SimClerk clerk = sim.clerk(Duration.ofMillis(500), server);
    sim.await(history.ask(clerk, clients++, kind, KEY), SECOND);
    sim.run(20 * MILLI);
  }

  private LostDisks judge() {
    KeyCheck.faultOf(history.of(KEY)).ifPresent(fault -> check(false, fault));
    return this;
  }

  private void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError("seed " + seed + ": " + otherwise);
    }
  }
}
