package dev.paxoskv.server.sim;

import static dev.paxoskv.server.sim.StoreSim.MILLI;
import static dev.paxoskv.server.sim.StoreSim.SECOND;

import dev.paxoskv.server.snapshot.SnapshottingMachine.Pace;
import dev.paxoskv.sim.check.Oracle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * One server is away until the others have forgotten what it would need, and comes back under load:
 * it gets a snapshot in many pieces. It stops at some point of that, before one effect of its disk,
 * and comes back once more. In the end it has the state of the others, to the last write.
 */
final class TransferScript {
  static final int AWAY = 2;

  private static final int SERVERS = 3;
  private static final long SEED = 5;
  private static final int APPENDS = 24;
  private static final int LATER_APPENDS = 12;
  private static final SimDirectory.Sizes SIZES =
      new SimDirectory.Sizes(2048, new Pace(1000, 512), 1200, 200);

  private final List<SimDirectory> directories = new ArrayList<>();
  private final StoreSim sim;
  private final StringBuilder expected = new StringBuilder();
  private int number;

  private TransferScript() {
    for (int me = 0; me < SERVERS; me++) {
      directories.add(new SimDirectory(SIZES));
    }
    this.sim = new StoreSim(SERVERS, SEED, Oracle.ofMessages(SERVERS, List.of()), directories);
  }

  /**
   * Plays it; fails with the point.
   *
   * @param effect before which effect after its return the server stops
   * @param isKill whether only the program stops, and not the machine
   * @return what happened
   */
  static DiskTally play(int effect, boolean isKill) {
    TransferScript script = new TransferScript();
    try {
      script.play(new Stop(effect, isKill));
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(
          "stopped before effect " + effect + (isKill ? ", a kill" : "") + ": " + e.getMessage(),
          e);
    }
    return script.sim.tally();
  }

  private record Stop(int effect, boolean isKill) {}

  private void play(Stop stop) {
    SimServer away = sim.server(AWAY);
    sim.run(SECOND);
    append(3);
    away.crash(true);
    append(APPENDS);
    directories.get(AWAY).stopAfter(stop.effect, stop.isKill);
    away.start();
    append(LATER_APPENDS);
    sim.run(2 * SECOND);
    SimClerk clerk = sim.clerk(Duration.ofSeconds(30), AWAY);
    String value = sim.await(clerk.get("k"), 30 * SECOND);
    if (!value.contentEquals(expected)) {
      throw new AssertionError("reads " + value + ", expected " + expected);
    }
    sim.run(200 * MILLI);
    long applied = sim.server(0).host().applied();
    if (away.isCrashed() || away.host().applied() != applied) {
      throw new AssertionError("the server is behind");
    }
  }

  private void append(int times) {
    SimClerk clerk = sim.clerk(Duration.ofSeconds(30), 0, 1);
    for (int i = 0; i < times; i++) {
      String token = "(" + number++ + "." + "x".repeat(30) + ")";
      CompletableFuture<Void> done =
          expected.length() == 0 ? clerk.put("k", token) : clerk.append("k", token);
      sim.await(done, 30 * SECOND);
      expected.append(token);
    }
  }
}
