package dev.paxoskv.sim.seed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.paxos.Paxos;
import dev.paxoskv.sim.tcp.FaultPlan;
import dev.paxoskv.sim.tcp.FaultPlan.Loss;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The course's Paxos tests with loss and partitions, with their numbers, over TCP. As there, the
 * asker hears at once that its request failed; the tests named silent repeat the lossy ones with
 * loss that nobody hears of.
 */
@Timeout(180)
@ExtendWith(SuiteReport.class)
class PaxosFaultsTest {

  @Test
  void manyForget() throws InterruptedException {
    int instances = 20;
    try (PaxosGroup group = PaxosGroup.of(3);
        Background background = new Background()) {
      group.faults().unreliable(true);
      SplittableRandom dice = FaultPlan.dice(200);
      List<Integer> seqs = new ArrayList<>(IntStream.range(0, instances).boxed().toList());
      Collections.shuffle(seqs, new Random(dice.nextLong()));
      seqs.forEach(seq -> group.start(dice.nextInt(3), seq, dice.nextInt()));
      background.repeat(
          1, FaultPlan.dice(201), doneWithSomeInstance(group, FaultPlan.dice(202), instances));

      Waits.settle(Duration.ofSeconds(5));
      background.stop();
      group.faults().unreliable(false);
      Waits.settle(Duration.ofSeconds(2));
      for (int seq = 0; seq < instances; seq++) {
        askUnlessForgotten(group, seq);
      }
    }
  }

  private static Runnable doneWithSomeInstance(
      PaxosGroup group, SplittableRandom dice, int instances) {
    return () -> {
      int seq = dice.nextInt(instances);
      Paxos peer = group.peer(dice.nextInt(3));
      if (seq >= peer.min() && peer.status(seq).isDecided()) {
        peer.done(seq);
      }
    };
  }

  /** No more than that no peer has come to harm. */
  private static void askUnlessForgotten(PaxosGroup group, int seq) {
    for (Paxos peer : group.peers()) {
      if (seq >= peer.min()) {
        assertThat(peer.status(seq)).isNotNull();
      }
    }
  }

  @Test
  void manyUnreliable() {
    manyUnreliable(Loss.FAIL_FAST);
  }

  @Test
  @EnabledIfSystemProperty(named = "paxoskv.full", matches = "true")
  void manyUnreliableSilent() {
    manyUnreliable(Loss.SILENT);
  }

  private static void manyUnreliable(Loss loss) {
    try (PaxosGroup group = PaxosGroup.of(3, loss)) {
      group.faults().unreliable(true);
      PaxosSuiteTest.manyInstances(group, 3);
      reportLoss("manyUnreliable, " + loss, group);
    }
  }

  private static void reportLoss(String test, PaxosGroup group) {
    long requests = group.faults().requestsLost();
    long answers = group.faults().answersLost();
    SuiteReport.print("%s: %d requests arrived, %d did not, %d answers lost"
        .formatted(test, group.requests(), requests, answers));
    assertThat(requests).isPositive();
    assertThat(answers).isPositive();
  }

  @Test
  void partition() {
    try (PaxosGroup group = PaxosGroup.of(5)) {
      noDecisionWithoutMajority(group);
      majorityDecides(group);
      allAgreeAfterHealing(group);
      onePeerSwitches(group);
      onePeerSwitchesUnreliable(group, 100);
      reportLoss("partition", group);
    }
  }

  @Test
  @EnabledIfSystemProperty(named = "paxoskv.full", matches = "true")
  void partitionUnreliableSilent() {
    try (PaxosGroup group = PaxosGroup.of(5, Loss.SILENT)) {
      onePeerSwitchesUnreliable(group, 0);
      reportLoss("partition, silent", group);
    }
  }

  private static void noDecisionWithoutMajority(PaxosGroup group) {
    group.faults().partition(peers(0, 2), peers(1, 3), peers(4));
    group.start(1, 0, 111);
    group.staysDecidedBy(0, 0, Duration.ofSeconds(3));
  }

  /** What peer 1 proposed while it had no majority. */
  private static void majorityDecides(PaxosGroup group) {
    group.faults().partition(peers(0), peers(1, 2, 3), peers(4));
    Waits.settle(Duration.ofSeconds(2));
    group.awaitMajority(0);
    assertThat(group.decision(0)).contains("111");
  }

  private static void allAgreeAfterHealing(PaxosGroup group) {
    group.start(0, 0, 1000);
    group.start(4, 0, 1001);
    group.faults().heal();
    group.awaitDecidedByAll(0);
    assertThat(group.decision(0)).contains("111");
  }

  private static void onePeerSwitches(PaxosGroup group) {
    for (int seq = 1; seq <= 20; seq++) {
      group.faults().partition(peers(0, 1, 2), peers(3, 4));
      group.start(0, seq, seq * 10);
      group.start(3, seq, seq * 10 + 1);
      group.awaitMajority(seq);
      assertThat(group.decided(seq)).isLessThanOrEqualTo(3);
      group.faults().partition(peers(0, 1), peers(2, 3, 4));
      group.awaitDecidedByAll(seq);
    }
  }

  private static void onePeerSwitchesUnreliable(PaxosGroup group, int first) {
    for (int seq = first; seq < first + 20; seq++) {
      group.faults().unreliable(true);
      group.faults().partition(peers(0, 1, 2), peers(3, 4));
      for (int peer = 0; peer < 5; peer++) {
        group.start(peer, seq, seq * 10 + peer);
      }
      group.awaitDecided(seq, 3);
      assertThat(group.decided(seq)).isLessThanOrEqualTo(3);
      group.faults().partition(peers(0, 1), peers(2, 3, 4));
      group.faults().unreliable(false);
      group.awaitDecidedByAll(seq);
    }
  }

  private static int[] peers(int... peers) {
    return peers;
  }

  @Test
  void lots() throws InterruptedException {
    lots(Loss.FAIL_FAST);
  }

  @Test
  @EnabledIfSystemProperty(named = "paxoskv.full", matches = "true")
  void lotsSilent() throws InterruptedException {
    lots(Loss.SILENT);
  }

  private static void lots(Loss loss) throws InterruptedException {
    try (PaxosGroup group = PaxosGroup.of(5, loss);
        Background background = new Background()) {
      group.faults().unreliable(true);
      AtomicInteger started = new AtomicInteger();
      background.repeat(200, FaultPlan.dice(300), repartition(group, FaultPlan.dice(301)));
      background.repeat(
          300, FaultPlan.dice(302), startOneMore(group, started, FaultPlan.dice(303)));
      background.repeat(300, FaultPlan.dice(304), () -> {
        IntStream.range(0, started.get()).forEach(group::decided);
      });

      Waits.settle(Duration.ofSeconds(20));
      background.stop();
      long decidedBefore = decidedByMajority(group, started.get());
      group.faults().unreliable(false);
      group.faults().heal();
      Waits.settle(Duration.ofSeconds(5));
      for (int seq = 0; seq < started.get(); seq++) {
        group.awaitMajority(seq);
      }
      reportLoss("lots, " + loss, group);
      SuiteReport.print("lots, %s: %d instances started, %d decided by a majority before healing"
          .formatted(loss, started.get(), decidedBefore));
    }
  }

  private static long decidedByMajority(PaxosGroup group, int started) {
    return IntStream.range(0, started).filter(seq -> group.decided(seq) >= 3).count();
  }

  /** Puts each peer into one of three groups. */
  private static Runnable repartition(PaxosGroup group, SplittableRandom dice) {
    return () -> group.faults().partitionBy(dice.ints(5, 0, 3).toArray());
  }

  /** Unless ten of those begun are not yet decided everywhere. */
  private static Runnable startOneMore(
      PaxosGroup group, AtomicInteger started, SplittableRandom dice) {
    return () -> {
      int seq = started.get();
      long open =
          seq - IntStream.range(0, seq).filter(i -> group.decided(i) == 5).count();
      if (open < 10) {
        IntStream.range(0, 5).forEach(peer -> group.start(peer, seq, dice.nextInt(10)));
        started.incrementAndGet();
      }
    };
  }
}
