package dev.paxoskv.sim.seed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.paxos.Paxos;
import dev.paxoskv.paxos.protocol.Status.Fate;
import dev.paxoskv.sim.tcp.FaultPlan;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The course's Paxos tests without loss, with their numbers, over TCP. {@link PaxosFaultsTest} has
 * those with loss and partitions.
 */
@Timeout(120)
@ExtendWith(SuiteReport.class)
class PaxosSuiteTest {

  @Test
  void basic() {
    try (PaxosGroup group = PaxosGroup.of(3)) {
      singleProposer(group);
      manyProposersOfOneValue(group);
      manyProposersOfDifferentValues(group);
      outOfOrder(group);
    }
  }

  private static void singleProposer(PaxosGroup group) {
    group.start(0, 0, "hello");
    group.awaitDecidedByAll(0);
    assertThat(group.decision(0)).contains("hello");
  }

  private static void manyProposersOfOneValue(PaxosGroup group) {
    for (int peer = 0; peer < 3; peer++) {
      group.start(peer, 1, 77);
    }
    group.awaitDecidedByAll(1);
    assertThat(group.decision(1)).contains("77");
  }

  private static void manyProposersOfDifferentValues(PaxosGroup group) {
    for (int peer = 0; peer < 3; peer++) {
      group.start(peer, 2, 100 + peer);
    }
    group.awaitDecidedByAll(2);
    assertThat(group.decision(2).orElseThrow()).isIn("100", "101", "102");
  }

  private static void outOfOrder(PaxosGroup group) {
    group.start(0, 7, 700);
    group.start(0, 6, 600);
    group.start(1, 5, 500);
    group.awaitDecidedByAll(7);
    group.start(0, 4, 400);
    group.start(1, 3, 300);
    for (int seq = 6; seq >= 3; seq--) {
      group.awaitDecidedByAll(seq);
      assertThat(group.decision(seq)).contains(Integer.toString(seq * 100));
    }
    assertThat(group.peer(0).max()).isEqualTo(7);
  }

  @Test
  void deaf() {
    try (PaxosGroup group = PaxosGroup.of(5)) {
      group.start(0, 0, "hello");
      group.awaitDecidedByAll(0);

      group.faults().deafen(0);
      group.faults().deafen(4);
      group.start(1, 1, "goodbye");
      group.awaitMajority(1);
      if (!PaxosGroup.LEADS) {
        // A deaf one that would lead asks all what they know, and hears the answers.
        group.staysDecidedBy(3, 1, Duration.ofSeconds(1));
      }

      group.start(0, 1, "xxx");
      group.awaitDecided(1, 4);
      if (!PaxosGroup.LEADS) {
        group.staysDecidedBy(4, 1, Duration.ofSeconds(1));
      }

      group.start(4, 1, "yyy");
      group.awaitDecidedByAll(1);
      assertThat(group.decision(1)).contains("goodbye");
    }
  }

  @Test
  void forget() {
    try (PaxosGroup group = PaxosGroup.of(6)) {
      assertMin(group, 0);
      group.start(0, 0, "00");
      group.start(1, 1, "11");
      group.start(2, 2, "22");
      group.start(0, 6, "66");
      group.start(1, 7, "77");
      group.awaitDecidedByAll(0);
      assertMin(group, 0);
      group.awaitDecidedByAll(1);
      assertMin(group, 0);

      group.peers().forEach(peer -> peer.done(0));
      for (int peer = 1; peer < 6; peer++) {
        group.peer(peer).done(1);
      }
      for (int peer = 0; peer < 6; peer++) {
        group.start(peer, 8 + peer, "xx");
      }
      awaitMin(group, 1, Duration.ofSeconds(12));
      Waits.holds(Duration.ofSeconds(1), () -> assertMin(group, 1));
    }
  }

  private static void assertMin(PaxosGroup group, long min) {
    assertThat(group.peers()).allSatisfy(peer -> assertThat(peer.min()).isEqualTo(min));
  }

  private static void awaitMin(PaxosGroup group, long min, Duration most) {
    long end = System.nanoTime() + most.toNanos();
    Waits.polling("min " + min, Duration.ofMillis(100), () -> {
      assertThat(System.nanoTime()).as("time to see min " + min).isLessThan(end);
      return IntStream.range(0, 6).allMatch(peer -> group.peer(peer).min() == min);
    });
  }

  @Test
  void forgetMem() {
    try (PaxosGroup group = PaxosGroup.of(3)) {
      group.start(0, 0, "x");
      group.awaitDecidedByAll(0);
      long atStart = usedHeap();
      SplittableRandom dice = FaultPlan.dice(100);
      for (int seq = 1; seq <= 10; seq++) {
        group.peer(0).start(seq, letters(dice, 1_000_000));
        group.awaitDecidedByAll(seq);
      }
      long withValues = usedHeap();
      long directWithValues = usedDirect();

      group.peers().forEach(peer -> peer.done(10));
      for (int peer = 0; peer < 3; peer++) {
        group.start(peer, 11 + peer, peer);
      }
      Waits.settle(Duration.ofSeconds(3));
      assertMin(group, 11);
      long afterwards = usedHeap();
      SuiteReport.print("forgetMem: heap %.1f MB, with values %.1f MB, forgotten %.1f MB"
          .formatted(atStart / 1e6, withValues / 1e6, afterwards / 1e6));
      SuiteReport.print("forgetMem: direct memory with values %.1f MB, forgotten %.1f MB"
          .formatted(directWithValues / 1e6, usedDirect() / 1e6));
      // With a log on disk there are fewer values in memory to begin with.
      long base = PaxosGroup.IS_DURABLE ? atStart : 0;
      assertThat(afterwards - base).isLessThanOrEqualTo((withValues - base) / 2);
      forgottenStaysForgotten(group, dice);
    }
  }

  private static void forgottenStaysForgotten(PaxosGroup group, SplittableRandom dice) {
    for (int seq = 0; seq < 3; seq++) {
      assertForgotten(group, seq);
      for (Paxos peer : group.peers()) {
        peer.start(seq, letters(dice, 20));
      }
    }
    Waits.settle(Duration.ofSeconds(1));
    for (int seq = 0; seq < 3; seq++) {
      assertForgotten(group, seq);
    }
  }

  private static void assertForgotten(PaxosGroup group, int seq) {
    assertThat(group.peers()).allSatisfy(peer -> {
      assertThat(peer.status(seq).fate()).isEqualTo(Fate.FORGOTTEN);
      assertThat(peer.status(seq).value()).isEmpty();
    });
  }

  private static byte[] letters(SplittableRandom dice, int length) {
    byte[] letters = new byte[length];
    for (int i = 0; i < length; i++) {
      letters[i] = (byte) ('a' + dice.nextInt(26));
    }
    return letters;
  }

  /** The least of a few readings, each after a forced collection. */
  private static long usedHeap() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 4; i++) {
      System.gc();
      long used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
      least = Math.min(least, used);
    }
    return least;
  }

  private static long usedDirect() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("direct"))
        .mapToLong(BufferPoolMXBean::getMemoryUsed)
        .sum();
  }

  @Test
  void doneMax() {
    try (PaxosGroup group = PaxosGroup.of(3)) {
      group.start(0, 0, "x");
      group.awaitDecidedByAll(0);
      for (int seq = 1; seq <= 10; seq++) {
        group.start(0, seq, "y");
        group.awaitDecidedByAll(seq);
      }
      group.peers().forEach(peer -> peer.done(10));
      for (int peer = 0; peer < 3; peer++) {
        group.start(peer, 10, "z");
      }
      Waits.settle(Duration.ofSeconds(2));
      assertThat(group.peers()).allSatisfy(peer -> assertThat(peer.max()).isEqualTo(10));
    }
  }

  @Test
  void rpcCount() {
    try (PaxosGroup group = PaxosGroup.of(3)) {
      for (int seq = 0; seq < 5; seq++) {
        group.start(0, seq, "x");
        group.awaitDecidedByAll(seq);
      }
      Waits.settle(Duration.ofSeconds(2));
      long serial = group.requests();
      for (int seq = 5; seq < 10; seq++) {
        for (int peer = 0; peer < 3; peer++) {
          group.start(peer, seq, seq * 10 + peer);
        }
        group.awaitDecidedByAll(seq);
      }
      Waits.settle(Duration.ofSeconds(2));
      long concurrent = group.requests() - serial;
      SuiteReport.print("rpcCount: serial %d (bound 45), concurrent %d (bound 225)"
          .formatted(serial, concurrent));
      // The bound of the course is 45; two for each of prepare, accept and decided is all it takes.
      assertThat(serial).isLessThanOrEqualTo(45);
      if (!PaxosGroup.LEADS) {
        assertThat(serial).isEqualTo(5 * 3 * 2);
      }
      assertThat(concurrent).isLessThanOrEqualTo(225);
    }
  }

  @Test
  void many() {
    try (PaxosGroup group = PaxosGroup.of(3)) {
      manyInstances(group, 5);
    }
  }

  /**
   * 50 instances, all peers proposing in each; one is not begun until the one {@code window} before
   * it is decided.
   */
  static void manyInstances(PaxosGroup group, int window) {
    for (int peer = 0; peer < 3; peer++) {
      group.start(peer, 0, 0);
    }
    for (int seq = 1; seq < 50; seq++) {
      int earlier = seq - window;
      if (earlier >= 0) {
        Waits.polling(
            "instance " + earlier, Duration.ofMillis(20), () -> group.decided(earlier) == 3);
      }
      for (int peer = 0; peer < 3; peer++) {
        group.start(peer, seq, seq * 10 + peer);
      }
    }
    Waits.polling(
        "instances 1 to 49",
        Duration.ofMillis(100),
        () -> IntStream.range(1, 50).allMatch(seq -> group.decided(seq) == 3));
  }

  @Test
  void old() {
    try (PaxosGroup group = PaxosGroup.some(5, 1, 2, 3)) {
      group.start(1, 1, 111);
      group.awaitMajority(1);
      group.join(0);
      group.start(0, 1, 222);
      group.awaitDecided(1, 4);
      assertThat(group.decision(1)).contains("111");
    }
  }

  @Test
  void speed() {
    try (PaxosGroup group = PaxosGroup.of(3)) {
      long start = System.nanoTime();
      for (int seq = 0; seq < 20; seq++) {
        group.start(0, seq, "x");
        group.awaitDecidedByAll(seq);
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      SuiteReport.print("speed: 20 agreements in %.3f s".formatted(seconds));
    }
  }
}
