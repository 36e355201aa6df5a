package dev.paxoskv.server.sim;

import static dev.paxoskv.server.sim.StoreSim.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.sim.check.Oracle;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A server whose state is not that of the others is found out, and stops. */
class PartedStateTest {
  private static final int EVERY = 16;
  private static final int DURABLE_EVERY = 64;
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private int number;

  static LongStream seeds() {
    return LongStream.range(0, 8);
  }

  private static StoreSim store(long seed) {
    SimLimits limits = new SimLimits(SimLimits.STORE.sessions(), EVERY);
    StoreSim sim = new StoreSim(3, seed, Oracle.ofMessages(3, List.of()), List.of(), limits);
    sim.run(2 * SECOND);
    return sim;
  }

  private void append(StoreSim sim, int times, int... servers) {
    SimClerk clerk = sim.clerk(PATIENCE, servers);
    for (int i = 0; i < times; i++) {
      sim.await(clerk.append("k", "(" + number++ + ")"), 10 * SECOND);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void theMinorityStopsAndNamesTheFirstInstance(long seed) {
    StoreSim sim = store(seed);
    append(sim, 5, 0, 1);
    sim.run(SECOND);
    SimServer wrong = sim.server(2);
    long last = wrong.host().applied();
    wrong.spoil();
    append(sim, 3 * EVERY, 0, 1);

    assertThat(wrong.hasParted()).isTrue();
    assertThat(wrong.out().orElseThrow())
        .startsWith("the states of server 2 and server ")
        .contains(" differ, first after instance " + (last + 1) + " (")
        .contains("a majority agrees with the other: [0, 1].");
    assertThat(sim.living()).hasSize(2);
    assertThat(sim.await(sim.clerk(PATIENCE, 0).get("k"), 10 * SECOND))
        .endsWith("(" + (number - 1) + ")");
  }

  /** Of two that differ nobody knows which is right; the third decides it when it is back. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void withoutAMajorityNobodyAnswers(long seed) {
    StoreSim sim = store(seed);
    append(sim, 5, 0, 1);
    sim.run(SECOND);
    sim.partition(new int[] {0, 2}, new int[] {1});
    sim.server(2).spoil();
    SimClerk clerk = sim.clerk(PATIENCE, 0, 2);
    for (int i = 0; i < 3 * EVERY; i++) {
      settle(sim, clerk.append("k", "(" + number++ + ")"));
    }
    String refusal = settle(sim, clerk.get("k"));
    assertThat(refusal).contains("the states of server").contains("more servers have to say");

    sim.partition(new int[] {0, 1, 2});
    sim.run(10 * SECOND);
    assertThat(sim.server(2).hasParted()).isTrue();
    append(sim, 1, 0, 1);
  }

  /** Two durable servers that differ, and know it, and a third that needs a snapshot. */
  private StoreSim differing(long seed, long snapshotBytes, int parting) {
    SimDirectory.Sizes sizes = new SimDirectory.Sizes(4096, snapshotBytes, 1200);
    List<SimDirectory> directories =
        List.of(new SimDirectory(sizes), new SimDirectory(sizes), new SimDirectory(sizes));
    SimLimits limits = new SimLimits(SimLimits.STORE.sessions(), DURABLE_EVERY);
    StoreSim sim = new StoreSim(3, seed, Oracle.ofMessages(3, List.of()), directories, limits);
    sim.run(2 * SECOND);
    put(sim, 2, 0, 1, 2);
    sim.server(2).crash(true);
    // So much that the others forget what the third would need.
    while (sim.server(0).host().applied() < 2 * DURABLE_EVERY + parting) {
      put(sim, 1, 0, 1);
    }
    sim.server(1).spoil();
    while (inDoubt(sim) < 2) {
      settle(sim, sim.clerk(PATIENCE, 0, 1).put("k" + number++ % 5, "x".repeat(100)));
    }
    return sim;
  }

  private void put(StoreSim sim, int times, int... servers) {
    SimClerk clerk = sim.clerk(PATIENCE, servers);
    for (int i = 0; i < times; i++) {
      sim.await(clerk.put("k" + number++ % 5, "x".repeat(100)), 10 * SECOND);
    }
  }

  private static long inDoubt(StoreSim sim) {
    return sim.living().stream()
        .filter(server -> server.state().comparison().doubt().isPresent())
        .count();
  }

  /** Else the third takes the state of one of them, and makes a majority of it by accident. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aStateThatMayBeWrongIsNotHandedOn(long seed) {
    // Both keep two snapshots, of after they have parted.
    StoreSim sim = differing(seed, 1000, 5);
    sim.server(2).start();
    sim.run(20 * SECOND);
    assertThat(sim.living()).hasSize(3);
    assertThat(inDoubt(sim)).isGreaterThanOrEqualTo(2);
    assertThat(sim.tally().times("snapshots adopted")).isZero();
    assertThat(settle(sim, sim.clerk(PATIENCE, 0, 1, 2).get("k0"))).isNotEmpty();
  }

  /** From there on the third works it out itself, and knows who is right. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aSnapshotOfBeforeTheyPartedIsHandedOnAndDecidesIt(long seed) {
    StoreSim sim = differing(seed, 4000, 50);
    sim.server(2).start();
    sim.run(20 * SECOND);
    assertThat(sim.tally().times("snapshots adopted")).isPositive();
    assertThat(sim.server(1).hasParted()).isTrue();
    assertThat(sim.living()).containsExactly(sim.server(0), sim.server(2));
    put(sim, 1, 0, 2);
  }

  /** Waits, and returns why it failed, if it did. */
  private static String settle(StoreSim sim, CompletableFuture<?> asked) {
    try {
      sim.await(asked, 10 * SECOND);
      return "";
    } catch (CompletionException e) {
      return String.valueOf(e.getCause());
    }
  }
}
