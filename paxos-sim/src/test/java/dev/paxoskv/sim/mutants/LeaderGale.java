package dev.paxoskv.sim.mutants;

import java.util.Map;
import java.util.function.LongFunction;

/** The gale over peers each of which takes it into its head to lead, again and again. */
final class LeaderGale implements LongFunction<Map.Entry<Long, String>> {
  @Override
  public Map.Entry<Long, String> apply(long seed) {
    return new Gale(true).apply(seed);
  }
}
