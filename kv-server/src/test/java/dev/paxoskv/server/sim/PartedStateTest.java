package dev.paxoskv.server.sim;

import static dev.paxoskv.server.sim.StoreSim.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.sim.check.Oracle;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A server whose state is not that of the others is found out, and stops. */
class PartedStateTest {
  private static final int EVERY = 16;
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
      PartedScene.settle(sim, clerk.append("k", "(" + number++ + ")"));
    }
    String refusal = PartedScene.settle(sim, clerk.get("k"));
    assertThat(refusal).contains("the states of server").contains("more servers have to say");

    sim.partition(new int[] {0, 1, 2});
    sim.run(10 * SECOND);
    assertThat(sim.server(2).hasParted()).isTrue();
    append(sim, 1, 0, 1);
  }

  /** Else the third takes the state of one of them, and makes a majority of it by accident. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aStateThatMayBeWrongIsNotHandedOn(long seed) {
    PartedScene.aStateThatMayBeWrongIsNotHandedOn(seed);
  }

  /** From there on the third works it out itself, and knows who is right. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aSnapshotOfBeforeTheyPartedIsHandedOnAndDecidesIt(long seed) {
    PartedScene scene = new PartedScene(seed, 8000).part(50).findOut(2);
    scene.server(2).start();
    scene.sim().run(20 * SECOND);
    assertThat(scene.adopted()).isPositive();
    assertThat(scene.server(1).hasParted()).isTrue();
    assertThat(scene.sim().living()).containsExactly(scene.server(0), scene.server(2));
    scene.put(1, 0, 2);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aCopyIsNoWitness(long seed) {
    PartedScene.aCopyIsNoWitness(seed);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aCopyIsAWitnessOfWhatCameLater(long seed) {
    PartedScene.aCopyIsAWitnessOfWhatCameLater(seed);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void doubtOutlivesARestart(long seed) {
    PartedScene.doubtOutlivesARestart(seed);
  }
}
