package dev.paxoskv.server.sim;

import java.util.Map;
import java.util.function.LongFunction;

/**
 * The state of a server becomes another one while a third is away. From a seed to how long that was
 * played, and what was wrong.
 */
final class PartedGale implements LongFunction<Map.Entry<Long, String>> {
  @Override
  public Map.Entry<Long, String> apply(long seed) {
    try {
      StoreSim sim = PartedScene.aStateThatMayBeWrongIsNotHandedOn(seed);
      return Map.entry(sim.simulator().nowMicros(), "");
    } catch (RuntimeException | AssertionError e) {
      return Map.entry(0L, "store: " + e.getMessage());
    }
  }
}
