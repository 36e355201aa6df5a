package dev.paxoskv.server.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * What clients of the Redis door are told can have happened, whatever happens to the servers, with
 * seeds that nobody has tried. {@code -Dpaxoskv.redis.seed=N} repeats one.
 */
class RedisGaleTest {
  private static final int SEEDS = Boolean.getBoolean("paxoskv.full") ? 2000 : 80;

  /** One text of so many may be too much for the judge. */
  private static final int UNDECIDED_OF = 20;

  @Test
  void whatClientsAreToldCanHaveHappened() {
    Long one = Long.getLong("paxoskv.redis.seed");
    long first = one == null ? new SplittableRandom().nextLong(1_000_000_000) : one;
    int count = one == null ? SEEDS : 1;
    System.out.println("redis gale: " + count + " seeds from " + first);
    Map<String, Integer> replies = new TreeMap<>();
    int texts = 0;
    int undecided = 0;
    for (long seed = first; seed < first + count; seed++) {
      RedisGale.Run run = played(seed);
      run.replies.forEach((kind, times) -> replies.merge(kind, times, Integer::sum));
      texts += run.moves.size();
      undecided += run.undecided;
    }
    System.out.println("redis gale: " + replies + ", undecided " + undecided + " of " + texts);
    assertThat(undecided).isLessThanOrEqualTo(texts / UNDECIDED_OF);
  }

  @Test
  void oneSeedIsOneRun() {
    long first = played(7).sim.simulator().traceHash();
    long second = played(7).sim.simulator().traceHash();
    long other = played(8).sim.simulator().traceHash();
    assertThat(second).isEqualTo(first).isNotEqualTo(other);
  }

  private static RedisGale.Run played(long seed) {
    RedisGale.Run run = new RedisGale.Run(seed);
    try {
      run.play();
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
    }
    return run;
  }
}
