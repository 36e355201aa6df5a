package dev.paxoskv.server.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.server.sim.history.History.Outcome;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Stores in storms: linearizable, equal states, nothing lost and nothing twice in any of them, and
 * service for everyone after it. The name of a failing test is its seed;
 * {@code -Dpaxoskv.store.seed=N} repeats one.
 */
class StoreStormTest {
  private static final long SEEDS = Boolean.getBoolean("paxoskv.full") ? 2000 : 100;
  private static final TreeMap<String, Long> TOTALS = new TreeMap<>();

  static LongStream seeds() {
    Long one = Long.getLong("paxoskv.store.seed");
    return one == null ? LongStream.range(0, SEEDS) : LongStream.of(one);
  }

  static LongStream aFewSeeds() {
    return seeds().filter(seed -> seed % 10 == 0 || Long.getLong("paxoskv.store.seed") != null);
  }

  @ParameterizedTest(name = "seed {0}, 3 servers")
  @MethodSource("seeds")
  void threeServers(long seed) {
    weather(seed, 3);
  }

  @ParameterizedTest(name = "seed {0}, 5 servers")
  @MethodSource("seeds")
  void fiveServers(long seed) {
    weather(seed, 5);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("aFewSeeds")
  void oneSeedIsOneRun(long seed) {
    long first = new StoreStorm(seed, 3).run().sim().simulator().traceHash();
    long second = new StoreStorm(seed, 3).run().sim().simulator().traceHash();
    long other = new StoreStorm(seed + 1, 3).run().sim().simulator().traceHash();
    assertThat(second).isEqualTo(first).isNotEqualTo(other);
  }

  private static void weather(long seed, int servers) {
    long begin = System.nanoTime();
    StoreStorm storm = new StoreStorm(seed, servers).run();
    add("real ms", (System.nanoTime() - begin) / 1_000_000);
    add("runs", 1);
    add("virtual ms", storm.sim().simulator().nowMicros() / 1000);
    add("messages between servers", storm.sim().network().sent());
    add("calls lost", storm.sim().calls().lost());
    add("states compared", storm.sim().watch().compared());
    for (Outcome outcome : Outcome.values()) {
      add("operations " + outcome, storm.history().count(outcome));
    }
    storm.disks().forEach((what, times) -> add("server: " + what, times));
    storm.faults().forEach((fault, count) -> add("fault " + fault, count));
  }

  private static void add(String what, long count) {
    TOTALS.merge(what, count, Long::sum);
  }

  @AfterAll
  static void report() {
    System.out.println("store storms: " + TOTALS);
    if (Long.getLong("paxoskv.store.seed") == null) {
      assertThat(TOTALS)
          .as("sessions end under their clients' hands")
          .containsKey("server: " + SessionTally.TOO_LATE);
    }
  }
}
