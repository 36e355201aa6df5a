package dev.paxoskv.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.paxos.PaxosNode;
import dev.paxoskv.paxos.protocol.Message;
import dev.paxoskv.paxos.protocol.Quorum;
import dev.paxoskv.paxos.protocol.Talk;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.sim.check.Oracle;
import dev.paxoskv.sim.check.Witness;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Who comes to lead, over whatever links there are, and what an instance costs then. The name of a
 * failing test is its seed.
 */
class LeaderTest {
  private static final long TICK = PaxosNode.TICK_MILLIS * 1000L;

  /** The longest that a peer waits before it takes over. */
  private static final long ELECTION_MICROS = 60 * TICK;

  private final Map<String, Integer> sent = new TreeMap<>();

  private SimCluster group(int peers, long seed) {
    Witness counter = new Witness() {
      @Override
      public void sent(Hop hop) {
        if (!(hop.message() instanceof Talk.Ping || hop.message() instanceof Talk.Pong)) {
          sent.merge(hop.message().getClass().getSimpleName(), 1, Integer::sum);
        }
      }
    };
    Oracle oracle = new Oracle(peers, List.of(counter));
    SimCluster group = new SimCluster(
        new SimCluster.Setup(peers, new Dice(seed), 0, oracle, SimCluster.Mouth.HONEST, true));
    group.network().behave(new LinkFaults(100, 1000, 0, 0, 0));
    return group;
  }

  /** The only peer that leads, or -1. */
  private static int leader(SimCluster group) {
    List<Integer> leaders = IntStream.range(0, group.peers())
        .filter(peer -> group.isUp(peer) && group.host(peer).leader() == peer)
        .boxed()
        .toList();
    return leaders.size() == 1 ? leaders.get(0) : -1;
  }

  private static int elected(SimCluster group) {
    group.run(4 * ELECTION_MICROS);
    int leader = leader(group);
    assertThat(leader).as("a leader").isNotNegative();
    return leader;
  }

  static LongStream seeds() {
    return LongStream.range(0, 20);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aLeaderNeedsOneRoundTripForAnInstance(long seed) {
    for (int peers : List.of(3, 5)) {
      SimCluster group = group(peers, seed);
      int leader = elected(group);
      sent.clear();
      for (long seq = 0; seq < 100; seq++) {
        group.start(leader, seq, Value.of("v" + seq));
      }
      group.run(100 * TICK);
      for (int peer = 0; peer < peers; peer++) {
        for (long seq = 0; seq < 100; seq++) {
          assertThat(group.status(peer, seq).value()).contains(Value.of("v" + seq));
        }
      }
      assertThat(sent).doesNotContainKeys("Prepare", "PrepareRange", "Decided", "Fetch", "Reject");
      assertThat(sent.get("Accept")).isEqualTo(100 * (peers - 1));
      assertThat(sent.get("Accepted")).isEqualTo(100 * (peers - 1));
      assertThat(sent.getOrDefault("Done", 0)).isLessThanOrEqualTo(4 * (peers - 1));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void anyPeerMayProposeBesidesTheLeader(long seed) {
    SimCluster group = group(3, seed);
    int leader = elected(group);
    for (long seq = 0; seq < 30; seq++) {
      group.start(leader, seq, Value.of("leader " + seq));
      group.start((leader + 1) % 3, seq, Value.of("other " + seq));
    }
    group.run(400 * TICK);
    for (long seq = 0; seq < 30; seq++) {
      assertThat(group.status(leader, seq).isDecided()).isTrue();
      assertThat(group.status((leader + 1) % 3, seq).isDecided()).isTrue();
    }
    assertThat(leader(group)).isEqualTo(leader);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void theNextLeaderFinishesWhatTheLastBegan(long seed) {
    SimCluster group = group(5, seed);
    int leader = elected(group);
    RandomGenerator dice = new Dice(seed).fork("crash", 0);
    for (long seq = 0; seq < 20; seq++) {
      group.start(leader, seq, Value.of("v" + seq));
    }
    // Long enough for some Accepts to arrive, not for all answers.
    group.run(100 + dice.nextLong(1500));
    group.crash(leader);
    int next = elected(group);
    assertThat(next).isNotEqualTo(leader);
    for (long seq = 0; seq < 20; seq++) {
      group.start(next, seq, Value.of("w" + seq));
    }
    group.run(400 * TICK);
    for (long seq = 0; seq < 20; seq++) {
      assertThat(group.status(next, seq).isDecided()).isTrue();
    }
  }

  /** Each of the six directions of three links is there or not. */
  @Test
  void threePeersFindALeaderOverAnyLinks() {
    for (int links = 0; links < 64; links++) {
      overLinks(3, links, links);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void fivePeersFindALeaderOverAnyLinks(long seed) {
    RandomGenerator dice = new Dice(seed).fork("links", 0);
    for (int i = 0; i < 10; i++) {
      // Many links missing, so that few peers have a majority left.
      overLinks(5, dice.nextLong() | (dice.nextBoolean() ? dice.nextLong() : 0), seed);
    }
  }

  /** First all is well and somebody leads; then only some links are left. */
  private void overLinks(int peers, long links, long seed) {
    SimCluster group = group(peers, seed);
    elected(group);
    Quorum.PeerSet connected = cut(group, links);
    group.run(4 * ELECTION_MICROS);
    List<Integer> leaders = IntStream.range(0, peers)
        .filter(peer -> group.host(peer).leader() == peer)
        .boxed()
        .toList();
    String what = peers + " peers, links " + Long.toBinaryString(links) + ", seed " + seed;
    if (connected.size() == 0) {
      assertThat(leaders).as(what).isEmpty();
      return;
    }
    assertThat(leaders).as(what).isNotEmpty().allMatch(connected::has);
    long seq = 7;
    // Somebody with an older reign may believe in it until the first refusal.
    leaders.forEach(leader -> group.start(leader, seq, Value.of("from " + leader)));
    group.run(2 * ELECTION_MICROS);
    leaders.forEach(
        leader -> assertThat(group.status(leader, seq).isDecided()).as(what).isTrue());
  }

  /** Returns who can ask a majority and be answered. */
  private static Quorum.PeerSet cut(SimCluster group, long links) {
    int peers = group.peers();
    boolean[][] has = new boolean[peers][peers];
    int bit = 0;
    for (int from = 0; from < peers; from++) {
      for (int to = 0; to < peers; to++) {
        has[from][to] = from == to || ((links >> bit) & 1) != 0;
        bit += from == to ? 0 : 1;
        if (!has[from][to]) {
          group.network().cut(from, to);
        }
      }
    }
    Quorum.PeerSet connected = Quorum.PeerSet.EMPTY;
    for (int peer = 0; peer < peers; peer++) {
      int me = peer;
      long answers =
          IntStream.range(0, peers).filter(to -> has[me][to] && has[to][me]).count();
      connected = answers >= new Quorum(peers).size() ? connected.with(peer) : connected;
    }
    return connected;
  }

  @Test
  void aGroupOfOneLeadsItself() {
    SimCluster group = group(1, 1);
    assertThat(elected(group)).isZero();
    group.start(0, 3, Value.of("x"));
    group.run(TICK);
    assertThat(group.status(0, 3).value()).contains(Value.of("x"));
    assertThat(group.host(0).max()).isEqualTo(3);
  }

  @Test
  void choosingALeaderMakesNoInstanceKnownAndDecidesNone() {
    SimCluster group = group(3, 5);
    elected(group);
    for (int peer = 0; peer < 3; peer++) {
      assertThat(group.host(peer).max()).isEqualTo(-1);
    }
    assertThat(sent.keySet())
        .isSubsetOf(List.of(
            Message.PrepareRange.class.getSimpleName(),
            Message.RangePromise.class.getSimpleName(),
            Message.Reject.class.getSimpleName()));
  }
}
