package dev.paxoskv.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.paxos.protocol.Status;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Agreement in any storm, and progress after it; the name of a failing test is its seed. */
class StormTest {

  static LongStream seeds() {
    return LongStream.range(0, 300);
  }

  @ParameterizedTest(name = "seed {0}, 3 peers")
  @MethodSource("seeds")
  void threePeers(long seed) {
    weather(seed, 3);
  }

  @ParameterizedTest(name = "seed {0}, 5 peers")
  @MethodSource("seeds")
  void fivePeers(long seed) {
    weather(seed, 5);
  }

  @ParameterizedTest(name = "seed {0}, {0} % 7 + 1 peers")
  @MethodSource("aFewSeeds")
  void anyNumberOfPeers(long seed) {
    weather(seed, (int) (seed % 7) + 1);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("aFewSeeds")
  void oneSeedIsOneRun(long seed) {
    long first = new Storm(seed, 3).run().simulator().traceHash();
    long second = new Storm(seed, 3).run().simulator().traceHash();
    long other = new Storm(seed + 1, 3).run().simulator().traceHash();
    assertThat(second).isEqualTo(first).isNotEqualTo(other);
  }

  @Test
  void theStormsReachEveryKindOfMessage() {
    TreeMap<String, Long> sent = new TreeMap<>();
    for (long seed = 0; seed < 60; seed++) {
      Map<String, Long> inThisOne = new Storm(seed, 5).run().network().sentByKind();
      inThisOne.forEach((kind, count) -> sent.merge(kind, count, Long::sum));
    }
    System.out.println("60 storms sent " + sent);
    assertThat(sent)
        .containsOnlyKeys(
            "Accept",
            "Accepted",
            "Decided",
            "Done",
            "Fetch",
            "Fetched",
            "Forgotten",
            "Ping",
            "Pong",
            "Prepare",
            "PrepareRange",
            "Promise",
            "RangePromise",
            "Reject");
  }

  static LongStream aFewSeeds() {
    return LongStream.range(1000, 1028);
  }

  private static void weather(long seed, int peers) {
    Storm storm = new Storm(seed, peers);
    // Agreement is checked at each decision, all along.
    SimCluster cluster = storm.run();

    for (Storm.Start start : storm.starts()) {
      assertThat(cluster.status(start.peer(), start.seq()))
          .as("seed %d: instance %d at peer %d, which started it", seed, start.seq(), start.peer())
          .isNotEqualTo(Status.PENDING);
    }
    for (int peer = 0; peer < peers; peer++) {
      assertThat(cluster.host(peer).driving())
          .as("seed %d: still driving", seed)
          .isZero();
    }
    long sent = cluster.network().sent();
    if (Storm.hasLeader(seed)) {
      return;
    }
    cluster.run(10_000 * SimNode.TICK_MICROS);
    assertThat(cluster.network().sent())
        .as("seed %d: idle but not silent", seed)
        .isEqualTo(sent);
  }
}
