package dev.paxoskv.server.sim;

import static dev.paxoskv.server.sim.StoreSim.MILLI;
import static dev.paxoskv.server.sim.StoreSim.SECOND;

import dev.paxoskv.server.snapshot.SnapshottingMachine.Pace;
import dev.paxoskv.sim.check.Oracle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/**
 * A server that was away fetches a snapshot, for seconds, when the leader dies. Of the two that are
 * left only the other one can lead, and it must do so soon; also if it was offered a snapshot once
 * that it did not get ({@link UnansweredOffer}). From a seed to how long that took, and what was
 * wrong.
 */
final class HandOverGale implements LongFunction<Map.Entry<Long, String>> {
  private static final int SERVERS = 3;
  private static final int AWAY = 2;
  private static final int KEYS = 60;
  private static final int WRITES = 12;
  private static final SimDirectory.Sizes SIZES =
      new SimDirectory.Sizes(16_384, new Pace(8192, 512), 1200, 32);

  /** Such that servers choose a leader. */
  private static final int SEEDS_APART = 4;

  @Override
  public Map.Entry<Long, String> apply(long seed) {
    List<SimDirectory> directories = new ArrayList<>();
    for (int me = 0; me < SERVERS; me++) {
      directories.add(new SimDirectory(SIZES));
    }
    Oracle oracle = Oracle.ofMessages(SERVERS, List.of());
    StoreSim sim = new StoreSim(SERVERS, SEEDS_APART * seed, oracle, directories);
    try {
      play(sim);
      long longer = UnansweredOffer.play(seed);
      return Map.entry(sim.simulator().nowMicros() + longer, "");
    } catch (RuntimeException | AssertionError e) {
      return Map.entry(sim.simulator().nowMicros(), "store: " + e.getMessage());
    }
  }

  private static void play(StoreSim sim) {
    sim.run(SECOND);
    SimClerk clerk = sim.clerk(Duration.ofSeconds(10), 0, 1);
    sim.await(clerk.put("k", "v"), 10 * SECOND);
    sim.server(AWAY).crash(true);
    for (int i = 0; i < KEYS; i++) {
      sim.await(clerk.put("k" + i, "x".repeat(1000)), 10 * SECOND);
    }
    sim.server(AWAY).start();
    sim.run(SECOND);
    if (sim.tally().times("snapshot pieces given") == 0) {
      throw new AssertionError("no snapshot is fetched");
    }
    int leader = sim.server(0).host().leader();
    if (leader != 0 && leader != 1) {
      throw new AssertionError("leader " + leader + " while it fetches a snapshot");
    }
    sim.server(leader).crash(false);
    int left = 1 - leader;
    SimClerk other = sim.clerk(Duration.ofSeconds(10), left, AWAY);
    for (int i = 0; i < WRITES; i++) {
      sim.await(other.append("k", "x"), 2 * SECOND);
      sim.run(100 * MILLI);
      boolean isFetching = sim.tally().times("snapshots adopted") == 0;
      if (isFetching && sim.server(left).host().leader() == AWAY) {
        throw new AssertionError("a server leads that fetches a snapshot");
      }
    }
    if (sim.server(left).host().leader() != left) {
      throw new AssertionError("nobody leads, though one can");
    }
  }
}
