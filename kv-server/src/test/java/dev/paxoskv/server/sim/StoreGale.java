package dev.paxoskv.server.sim;

import dev.paxoskv.paxos.protocol.Invariants.InvariantViolation;
import java.util.Map;
import java.util.function.LongFunction;

/** From a seed to how long its store storm took and what it met; empty if nothing was wrong. */
final class StoreGale implements LongFunction<Map.Entry<Long, String>> {
  private static final int SERVERS = 3;

  @Override
  public Map.Entry<Long, String> apply(long seed) {
    StoreStorm storm = new StoreStorm(seed, SERVERS);
    String objection = objection(storm);
    return Map.entry(storm.sim().simulator().nowMicros(), objection);
  }

  private static String objection(StoreStorm storm) {
    try {
      storm.run();
      return "";
    } catch (AssertionError e) {
      // All that goes wrong in a storm comes wrapped, with the seed.
      String kind = e.getCause() instanceof InvariantViolation ? "run time: " : "store: ";
      return kind + e.getMessage();
    }
  }
}
