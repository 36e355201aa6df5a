package dev.paxoskv.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paxoskv.paxos.protocol.Status;
import dev.paxoskv.paxos.protocol.Value;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Single scenes with a known course, and the kit itself. */
class ClusterTest {
  private static final long SECOND = 1_000_000;
  private static final Value X = Value.of("x");
  private static final Value Y = Value.of("y");

  @ParameterizedTest(name = "{0} peers")
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
  void anUndisturbedRoundCostsFiveMessagesForEachOther(int peers) {
    SimCluster cluster = cluster(peers, 0);
    cluster.start(0, 4, X);
    cluster.run(SECOND);
    for (int peer = 0; peer < peers; peer++) {
      assertThat(cluster.status(peer, 4)).isEqualTo(Status.decided(X));
      assertThat(cluster.host(peer).max()).isEqualTo(4);
    }
    assertThat(cluster.network().sent()).isEqualTo(5L * (peers - 1));
  }

  @Test
  void aGroupThatWasNeverAskedIsSilent() {
    SimCluster cluster = cluster(5, 0);
    cluster.run(10_000 * SimNode.TICK_MICROS);
    assertThat(cluster.network().sent()).isZero();
  }

  @ParameterizedTest(name = "fail fast: {0}")
  @ValueSource(booleans = {false, true})
  void aMinorityDecidesNothingUntilItIsHealed(boolean failsFast) {
    SimCluster cluster = cluster(5, 0);
    cluster.network().failFast(failsFast);
    for (int from : List.of(0, 1)) {
      for (int to : List.of(2, 3, 4)) {
        cluster.network().cut(from, to);
        cluster.network().cut(to, from);
      }
    }
    cluster.start(0, 0, X);
    cluster.run(20 * SECOND);
    assertThat(cluster.status(0, 0)).isEqualTo(Status.PENDING);

    cluster.start(3, 0, Y);
    cluster.run(SECOND);
    assertThat(cluster.status(4, 0)).isEqualTo(Status.decided(Y));

    cluster.network().heal();
    cluster.run(2 * SECOND);
    assertThat(cluster.status(0, 0)).isEqualTo(Status.decided(Y));
    assertThat(cluster.status(1, 0)).as("peer 0 tells it").isEqualTo(Status.decided(Y));
  }

  @Test
  void aPeerThatWasAwayLearnsByAsking() {
    SimCluster cluster = cluster(3, 0);
    cluster.start(1, 0, X);
    cluster.network().isolate(0);
    cluster.run(SECOND);
    cluster.network().heal();
    cluster.start(0, 0, Y);
    cluster.run(SECOND);
    assertThat(cluster.status(0, 0)).isEqualTo(Status.decided(X));
  }

  @Test
  void aStoreLearnsWhatItMissedWithoutNewStarts() {
    SimCluster cluster = cluster(3, 20);
    missAHundred(cluster);
    for (int seq = 0; seq < 100; seq++) {
      assertThat(cluster.status(2, seq)).isEqualTo(Status.decided(Value.of("v" + seq)));
    }
    assertThat(cluster.host(2).firstMissing()).isEqualTo(100);
  }

  @Test
  void aLibraryPeerDoesNotAskByItself() {
    SimCluster cluster = cluster(3, 0);
    missAHundred(cluster);
    assertThat(cluster.host(2).firstMissing()).isZero();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void aStoreLearnsThroughALossyNetworkAndHoles(long seed) {
    SimCluster cluster = new SimCluster(3, new Dice(seed), 20);
    cluster.network().behave(new LinkFaults(100, 5_000, 0.3, 0.2, 0.2));
    for (int seq = 0; seq < 300; seq += 3) {
      cluster.start(0, seq, Value.of("v" + seq));
    }
    cluster.run(5 * SECOND);
    cluster.network().isolate(1);
    for (int seq = 1; seq < 300; seq++) {
      cluster.start(2, seq, Value.of("w" + seq));
    }
    cluster.run(30 * SECOND);
    cluster.network().heal();
    cluster.run(60 * SECOND);
    for (int peer = 0; peer < 3; peer++) {
      assertThat(cluster.host(peer).firstMissing()).as("peer %d", peer).isEqualTo(300);
    }
  }

  @Test
  void whatAllAreDoneWithIsForgottenEverywhere() {
    SimCluster cluster = cluster(3, 0);
    for (int seq = 0; seq < 10; seq++) {
      cluster.start(seq % 3, seq, X);
    }
    cluster.run(SECOND);
    cluster.done(0, 9);
    cluster.done(1, 4);
    cluster.done(1, 2);
    cluster.run(SECOND);
    assertThat(cluster.host(0).min()).isZero();

    cluster.done(2, 6);
    cluster.run(SECOND);
    for (int peer = 0; peer < 3; peer++) {
      assertThat(cluster.host(peer).min()).isEqualTo(5);
      assertThat(cluster.status(peer, 4)).isEqualTo(Status.FORGOTTEN);
      assertThat(cluster.status(peer, 5)).isEqualTo(Status.decided(X));
    }
  }

  @Test
  void aPeerThatMissedTheMarksForgetsWhenItAsks() {
    SimCluster cluster = cluster(3, 0);
    cluster.network().cut(1, 0);
    cluster.network().cut(2, 0);
    cluster.start(1, 0, X);
    cluster.run(SECOND);
    for (int peer = 0; peer < 3; peer++) {
      cluster.done(peer, 0);
    }
    cluster.run(SECOND);
    assertThat(cluster.host(1).min()).isEqualTo(1);
    assertThat(cluster.host(0).min()).isZero();

    cluster.network().heal();
    cluster.start(0, 0, Y);
    cluster.run(SECOND);
    assertThat(cluster.status(0, 0)).isEqualTo(Status.FORGOTTEN);
    assertThat(cluster.host(0).driving()).isZero();
  }

  @Test
  void theCheckerSeesTwoDecisionsAndUnaskedOnes() {
    AgreementChecker checker = new AgreementChecker("seed 42");
    checker.proposed(3, X);
    checker.proposed(3, Y);
    checker.decided(0, 3, X);
    checker.decided(1, 3, X);

    assertThatThrownBy(() -> checker.decided(2, 3, Y))
        .isInstanceOf(AssertionError.class)
        .hasMessage("seed 42: instance 3 was decided twice: x at peer 0, y at peer 2");
    assertThatThrownBy(() -> checker.decided(2, 4, X))
        .isInstanceOf(AssertionError.class)
        .hasMessage("seed 42: peer 2 decided x in 4, which nobody proposed");
    assertThat(checker.decisions()).isEqualTo(1);
  }

  @Test
  void timeOrdersEventsAndTheirMakingBreaksTies() {
    Simulator simulator = new Simulator();
    List<String> order = new ArrayList<>();
    simulator.after(20, () -> order.add("c"));
    simulator.after(10, () -> {
      order.add("a");
      simulator.after(0, () -> order.add("b"));
    });
    simulator.after(20, () -> order.add("d"));
    simulator.after(21, () -> order.add("not yet"));
    simulator.run(20);
    assertThat(order).containsExactly("a", "b", "c", "d");
    assertThat(simulator.nowMicros()).isEqualTo(20);
    assertThatThrownBy(() -> simulator.after(-1, () -> {}))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static SimCluster cluster(int peers, int catchUpTicks) {
    return new SimCluster(peers, new Dice(42), catchUpTicks);
  }

  private static void missAHundred(SimCluster cluster) {
    cluster.network().isolate(2);
    for (int seq = 0; seq < 100; seq++) {
      cluster.start(seq % 2, seq, Value.of("v" + seq));
    }
    cluster.run(5 * SECOND);
    cluster.network().heal();
    cluster.run(5 * SECOND);
  }
}
