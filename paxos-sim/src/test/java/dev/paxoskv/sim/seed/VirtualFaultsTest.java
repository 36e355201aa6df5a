package dev.paxoskv.sim.seed;

import static dev.paxoskv.sim.CourseGroup.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.paxos.host.Host;
import dev.paxoskv.sim.CourseGroup;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The course's Paxos tests with loss and partitions, with their numbers, in virtual time, from many
 * seeds. With an even seed loss is noticed at once, with an odd one nobody hears of it. The name of
 * a failing test is its seed.
 */
class VirtualFaultsTest {
  private static final String A_FEW = "dev.paxoskv.sim.seed.Seeds#aFew";

  private static long requests;
  private static long requestsLost;
  private static long answersLost;
  private static long lotsStarted;
  private static long lotsDecided;

  @AfterAll
  static void report() {
    SuiteReport.print("virtual tests with loss: %d requests arrived, %d did not, %d answers lost"
        .formatted(requests, requestsLost, answersLost));
    SuiteReport.print("virtual lots: %d instances started, %d decided by a majority before healing"
        .formatted(lotsStarted, lotsDecided));
  }

  private static void addLosses(CourseGroup group) {
    assertThat(group.requestsLost()).isPositive();
    assertThat(group.answersLost()).isPositive();
    requests += group.requests();
    requestsLost += group.requestsLost();
    answersLost += group.answersLost();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource(A_FEW)
  void manyForget(long seed) {
    int instances = 20;
    CourseGroup group = new CourseGroup(3, seed);
    group.unreliable(true);
    RandomGenerator dice = group.dice("forget");
    List<Integer> seqs = new ArrayList<>(IntStream.range(0, instances).boxed().toList());
    Collections.shuffle(seqs, new Random(dice.nextLong()));
    seqs.forEach(seq -> group.start(dice.nextInt(3), seq, dice.nextInt()));
    group.background(1, 5 * SECOND, dice, () -> {
      int seq = dice.nextInt(instances);
      int peer = dice.nextInt(3);
      if (seq >= group.peer(peer).min() && group.peer(peer).status(seq).isDecided()) {
        group.done(peer, seq);
      }
    });

    group.run(5 * SECOND);
    group.unreliable(false);
    group.run(2 * SECOND);
    for (int seq = 0; seq < instances; seq++) {
      askUnlessForgotten(group, seq);
    }
    addLosses(group);
  }

  /** No more than that no peer has come to harm. */
  private static void askUnlessForgotten(CourseGroup group, int seq) {
    for (Host peer : group.peers()) {
      if (seq >= peer.min()) {
        assertThat(peer.status(seq)).isNotNull();
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource(A_FEW)
  void manyUnreliable(long seed) {
    CourseGroup group = new CourseGroup(3, seed);
    group.unreliable(true);
    VirtualSuiteTest.manyInstances(group, 3);
    addLosses(group);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource(A_FEW)
  void partition(long seed) {
    CourseGroup group = new CourseGroup(5, seed);
    noDecisionWithoutMajority(group);
    majorityDecides(group);
    allAgreeAfterHealing(group);
    onePeerSwitches(group);
    onePeerSwitchesUnreliable(group);
    addLosses(group);
  }

  private static void noDecisionWithoutMajority(CourseGroup group) {
    group.partition(peers(0, 2), peers(1, 3), peers(4));
    group.start(1, 0, 111);
    group.staysDecidedBy(0, 0, 3 * SECOND);
  }

  /** What peer 1 proposed while it had no majority. */
  private static void majorityDecides(CourseGroup group) {
    group.partition(peers(0), peers(1, 2, 3), peers(4));
    group.run(2 * SECOND);
    group.awaitMajority(0);
    assertThat(group.decision(0)).isEqualTo("111");
  }

  private static void allAgreeAfterHealing(CourseGroup group) {
    group.start(0, 0, 1000);
    group.start(4, 0, 1001);
    group.heal();
    group.awaitDecidedByAll(0);
    assertThat(group.decision(0)).isEqualTo("111");
  }

  private static void onePeerSwitches(CourseGroup group) {
    for (int seq = 1; seq <= 20; seq++) {
      group.partition(peers(0, 1, 2), peers(3, 4));
      group.start(0, seq, seq * 10);
      group.start(3, seq, seq * 10 + 1);
      group.awaitMajority(seq);
      assertThat(group.decided(seq)).isLessThanOrEqualTo(3);
      group.partition(peers(0, 1), peers(2, 3, 4));
      group.awaitDecidedByAll(seq);
    }
  }

  private static void onePeerSwitchesUnreliable(CourseGroup group) {
    for (int seq = 100; seq < 120; seq++) {
      group.unreliable(true);
      group.partition(peers(0, 1, 2), peers(3, 4));
      for (int peer = 0; peer < 5; peer++) {
        group.start(peer, seq, seq * 10 + peer);
      }
      group.awaitDecided(seq, 3);
      assertThat(group.decided(seq)).isLessThanOrEqualTo(3);
      group.partition(peers(0, 1), peers(2, 3, 4));
      group.unreliable(false);
      group.awaitDecidedByAll(seq);
    }
  }

  private static int[] peers(int... peers) {
    return peers;
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource(A_FEW)
  void lots(long seed) {
    CourseGroup group = new CourseGroup(5, seed);
    group.unreliable(true);
    AtomicInteger started = new AtomicInteger();
    RandomGenerator dice = group.dice("lots");
    long end = 20 * SECOND;
    group.background(200, end, dice, () -> group.partitionAtRandom(dice));
    group.background(300, end, dice, () -> startOneMore(group, started, dice));
    group.background(
        300, end, dice, () -> IntStream.range(0, started.get()).forEach(group::decided));

    group.run(end);
    lotsStarted += started.get();
    lotsDecided +=
        IntStream.range(0, started.get()).filter(seq -> group.decided(seq) >= 3).count();
    group.unreliable(false);
    group.heal();
    group.run(5 * SECOND);
    for (int seq = 0; seq < started.get(); seq++) {
      group.awaitMajority(seq);
    }
    addLosses(group);
  }

  /** Unless ten of those begun are not yet decided everywhere. */
  private static void startOneMore(CourseGroup group, AtomicInteger started, RandomGenerator dice) {
    int seq = started.get();
    long open = seq - IntStream.range(0, seq).filter(i -> group.decided(i) == 5).count();
    if (open < 10) {
      IntStream.range(0, 5).forEach(peer -> group.start(peer, seq, dice.nextInt(10)));
      started.incrementAndGet();
    }
  }
}
