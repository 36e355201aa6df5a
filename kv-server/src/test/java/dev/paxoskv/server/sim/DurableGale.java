package dev.paxoskv.server.sim;

import dev.paxoskv.server.sim.CrashScript.Point;
import dev.paxoskv.server.sim.StoreStorm.Load;
import dev.paxoskv.sim.Dice;
import dev.paxoskv.sim.check.Oracle;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.random.RandomGenerator;

/**
 * From a seed to how long a run of durable servers took and what was wrong with it: a storm, one
 * point of the crash script, a lost disk, or one of the moments in which a server that forgets does
 * most harm; empty if nothing was.
 */
final class DurableGale implements LongFunction<Map.Entry<Long, String>> {
  private static final int SERVERS = 3;

  /** About as many effects as a disk of the crash script has. */
  private static final int EFFECTS = 180;

  /** What to run, and what its world is. */
  private interface Trial {
    StoreSim run() throws IOException;
  }

  @Override
  public Map.Entry<Long, String> apply(long seed) {
    RandomGenerator dice = new Dice(seed).fork("gale", 0);
    Trial trial = switch (dice.nextInt(10)) {
      case 0 ->
        () -> {
          LostDisks.wiped(seed);
          LostDisks.wipedInABlackout(seed);
          return LostDisks.oldImage(seed).sim();
        };
      case 1 -> () -> LostDisks.wipedMinority(seed).sim();
      case 2 ->
        () -> CrashScript.play(
                new Point(dice.nextInt(SERVERS), dice.nextInt(EFFECTS), dice.nextBoolean()))
            .sim();
      case 3 -> () -> ForgottenWords.unsyncedVote(seed).sim();
      case 4 -> () -> ForgottenWords.usedBallot(seed).sim();
      case 5 -> () -> ForgottenWords.rottenPromise(seed).sim();
      case 6 -> () -> RecycledSegments.play(seed).sim();
      default -> () -> storm(seed);
    };
    try {
      return Map.entry(trial.run().simulator().nowMicros(), "");
    } catch (IOException | RuntimeException | AssertionError e) {
      return Map.entry(0L, "durable: " + e.getMessage());
    }
  }

  private static StoreSim storm(long seed) {
    Oracle oracle = Oracle.ofMessages(SERVERS, List.of());
    return new StoreStorm(seed, SERVERS, Load.SMALL, oracle, true).run().sim();
  }
}
