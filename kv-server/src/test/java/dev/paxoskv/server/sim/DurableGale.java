package dev.paxoskv.server.sim;

import dev.paxoskv.server.sim.CrashScript.Point;
import dev.paxoskv.server.sim.StoreStorm.Load;
import dev.paxoskv.sim.Dice;
import dev.paxoskv.sim.check.Oracle;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.random.RandomGenerator;

/**
 * From a seed to how long a run of durable servers took and what was wrong with it: a storm, one
 * point of the crash script, or a lost disk; empty if nothing was.
 */
final class DurableGale implements LongFunction<Map.Entry<Long, String>> {
  private static final int SERVERS = 3;

  /** About as many effects as a disk of the crash script has. */
  private static final int EFFECTS = 180;

  /** What to run, and what its world is. */
  private interface Trial {
    StoreSim run();
  }

  @Override
  public Map.Entry<Long, String> apply(long seed) {
    RandomGenerator dice = new Dice(seed).fork("gale", 0);
    Trial trial = switch (dice.nextInt(8)) {
      case 0 ->
        () -> {
          LostDisks.wiped(seed);
          return LostDisks.oldImage(seed).sim();
        };
      case 1 -> () -> LostDisks.wipedMinority(seed).sim();
      case 2, 3 ->
        () -> CrashScript.play(
                new Point(dice.nextInt(SERVERS), dice.nextInt(EFFECTS), dice.nextBoolean()))
            .sim();
      default -> () -> storm(seed);
    };
    try {
      return Map.entry(trial.run().simulator().nowMicros(), "");
    } catch (RuntimeException | AssertionError e) {
      return Map.entry(0L, "durable: " + e.getMessage());
    }
  }

  private static StoreSim storm(long seed) {
    Oracle oracle = Oracle.ofMessages(SERVERS, List.of());
    return new StoreStorm(seed, SERVERS, Load.SMALL, oracle, true).run().sim();
  }
}
