package dev.paxoskv.sim.seed;

import static dev.paxoskv.sim.CourseGroup.MILLI;
import static dev.paxoskv.sim.CourseGroup.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.paxos.host.Host;
import dev.paxoskv.paxos.protocol.Status;
import dev.paxoskv.sim.CourseGroup;
import java.lang.management.ManagementFactory;
import java.util.LongSummaryStatistics;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The course's Paxos tests without loss, with their numbers, in virtual time, from many seeds. The
 * name of a failing test is its seed. {@link VirtualFaultsTest} has those with loss and partitions.
 */
class VirtualSuiteTest {
  private static final String MANY = "dev.paxoskv.sim.seed.Seeds#many";

  private static final LongSummaryStatistics SERIAL = new LongSummaryStatistics();
  private static final LongSummaryStatistics CONCURRENT = new LongSummaryStatistics();
  private static final LongSummaryStatistics SPEED_MICROS = new LongSummaryStatistics();
  private static final LongSummaryStatistics PERCENT_LEFT = new LongSummaryStatistics();

  @AfterAll
  static void report() {
    SuiteReport.print(
        "virtual rpcCount, %d seeds: serial at most %d (bound 45), concurrent %d to %d"
                .formatted(
                    SERIAL.getCount(), SERIAL.getMax(), CONCURRENT.getMin(), CONCURRENT.getMax())
            + ", %.0f on average (bound 225)".formatted(CONCURRENT.getAverage()));
    SuiteReport.print("virtual speed, %d seeds: 20 agreements in %.3f s on average, %.3f s at most"
        .formatted(
            SPEED_MICROS.getCount(),
            SPEED_MICROS.getAverage() / SECOND,
            (double) SPEED_MICROS.getMax() / SECOND));
    SuiteReport.print("virtual forgetMem, %d seeds: at most %d %% of the heap left (bound 50)"
        .formatted(PERCENT_LEFT.getCount(), PERCENT_LEFT.getMax()));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource(MANY)
  void basic(long seed) {
    CourseGroup group = new CourseGroup(3, seed);
    group.start(0, 0, "hello");
    group.awaitDecidedByAll(0);
    assertThat(group.decision(0)).isEqualTo("hello");

    for (int peer = 0; peer < 3; peer++) {
      group.start(peer, 1, 77);
    }
    group.awaitDecidedByAll(1);
    assertThat(group.decision(1)).isEqualTo("77");

    for (int peer = 0; peer < 3; peer++) {
      group.start(peer, 2, 100 + peer);
    }
    group.awaitDecidedByAll(2);
    assertThat(group.decision(2)).isIn("100", "101", "102");
    outOfOrder(group);
  }

  private static void outOfOrder(CourseGroup group) {
    group.start(0, 7, 700);
    group.start(0, 6, 600);
    group.start(1, 5, 500);
    group.awaitDecidedByAll(7);
    group.start(0, 4, 400);
    group.start(1, 3, 300);
    for (int seq = 6; seq >= 3; seq--) {
      group.awaitDecidedByAll(seq);
      assertThat(group.decision(seq)).isEqualTo("" + seq * 100);
    }
    assertThat(group.peer(0).max()).isEqualTo(7);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource(MANY)
  void deaf(long seed) {
    CourseGroup group = new CourseGroup(5, seed);
    group.start(0, 0, "hello");
    group.awaitDecidedByAll(0);

    group.deafen(0);
    group.deafen(4);
    group.start(1, 1, "goodbye");
    group.awaitMajority(1);
    if (!group.leads()) {
      // A deaf one that would lead asks all what they know, and hears the answers.
      group.staysDecidedBy(3, 1, SECOND);
    }

    group.start(0, 1, "xxx");
    group.awaitDecided(1, 4);
    if (!group.leads()) {
      group.staysDecidedBy(4, 1, SECOND);
    }

    group.start(4, 1, "yyy");
    group.awaitDecidedByAll(1);
    assertThat(group.decision(1)).isEqualTo("goodbye");
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource(MANY)
  void forget(long seed) {
    CourseGroup group = new CourseGroup(6, seed);
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

    for (int peer = 0; peer < 6; peer++) {
      group.done(peer, 0);
    }
    for (int peer = 1; peer < 6; peer++) {
      group.done(peer, 1);
    }
    for (int peer = 0; peer < 6; peer++) {
      group.start(peer, 8 + peer, "xx");
    }
    for (int poll = 0; poll < 12 && !isMin(group, 1); poll++) {
      group.run(SECOND);
    }
    assertMin(group, 1);
    group.run(SECOND);
    assertMin(group, 1);
  }

  private static boolean isMin(CourseGroup group, long min) {
    return group.peers().stream().allMatch(peer -> peer.min() == min);
  }

  private static void assertMin(CourseGroup group, long min) {
    assertThat(group.peers()).extracting(Host::min).containsOnly(min);
  }

  /**
   * Counted without what the JVM held at the start, so more strictly than the course does: the heap
   * of a test run is large, and the simulator's agreement checker keeps each value once for ever.
   */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("dev.paxoskv.sim.seed.Seeds#two")
  void forgetMem(long seed) {
    CourseGroup group = new CourseGroup(3, seed);
    group.start(0, 0, "x");
    group.awaitDecidedByAll(0);
    RandomGenerator dice = group.dice("letters");
    assertRetained(group, 1, 1);
    long atStart = usedHeap();
    for (int seq = 1; seq <= 10; seq++) {
      group.start(0, seq, letters(dice, 1_000_000));
      group.awaitDecidedByAll(seq);
    }
    long withValues = usedHeap() - atStart;
    assertRetained(group, 10_000_001, 10_000_001);

    for (int peer = 0; peer < 3; peer++) {
      group.done(peer, 10);
    }
    for (int peer = 0; peer < 3; peer++) {
      group.start(peer, 11 + peer, peer);
    }
    group.run(3 * SECOND);
    assertMin(group, 11);
    assertRetained(group, 0, 3);
    long afterwards = usedHeap() - atStart;
    PERCENT_LEFT.accept(afterwards * 100 / withValues);
    assertThat(afterwards).isLessThanOrEqualTo(withValues / 2);
    forgottenStaysForgotten(group, dice);
  }

  private static void assertRetained(CourseGroup group, long least, long most) {
    assertThat(group.peers()).allSatisfy(peer -> {
      assertThat(peer.retainedBytes()).isBetween(least, most);
      assertThat(peer.drivingBytes()).isZero();
    });
  }

  private static void forgottenStaysForgotten(CourseGroup group, RandomGenerator dice) {
    for (int seq = 0; seq < 3; seq++) {
      assertForgotten(group, seq);
      String other = letters(dice, 20);
      for (int peer = 0; peer < 3; peer++) {
        group.start(peer, seq, other);
      }
    }
    group.run(SECOND);
    for (int seq = 0; seq < 3; seq++) {
      assertForgotten(group, seq);
    }
  }

  private static void assertForgotten(CourseGroup group, int seq) {
    assertThat(group.peers()).extracting(peer -> peer.status(seq)).containsOnly(Status.FORGOTTEN);
  }

  private static String letters(RandomGenerator dice, int length) {
    StringBuilder letters = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      letters.append((char) ('a' + dice.nextInt(26)));
    }
    return letters.toString();
  }

  /** The least of four readings: a serial collector closes all gaps only each fourth time. */
  private static long usedHeap() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 4; i++) {
      System.gc();
      least = Math.min(
          least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return least;
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource(MANY)
  void doneMax(long seed) {
    CourseGroup group = new CourseGroup(3, seed);
    group.start(0, 0, "x");
    group.awaitDecidedByAll(0);
    for (int seq = 1; seq <= 10; seq++) {
      group.start(0, seq, "y");
      group.awaitDecidedByAll(seq);
    }
    for (int peer = 0; peer < 3; peer++) {
      group.done(peer, 10);
    }
    for (int peer = 0; peer < 3; peer++) {
      group.start(peer, 10, "z");
    }
    group.run(2 * SECOND);
    assertThat(group.peers()).extracting(Host::max).containsOnly(10L);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource(MANY)
  void rpcCount(long seed) {
    CourseGroup group = new CourseGroup(3, seed);
    for (int seq = 0; seq < 5; seq++) {
      group.start(0, seq, "x");
      group.awaitDecidedByAll(seq);
    }
    group.run(2 * SECOND);
    long serial = group.requests();
    for (int seq = 5; seq < 10; seq++) {
      for (int peer = 0; peer < 3; peer++) {
        group.start(peer, seq, seq * 10 + peer);
      }
      group.awaitDecidedByAll(seq);
    }
    group.run(2 * SECOND);
    long concurrent = group.requests() - serial;
    SERIAL.accept(serial);
    CONCURRENT.accept(concurrent);
    // The bound of the course is 45; two for each of prepare, accept and decided is all it takes.
    assertThat(serial).isLessThanOrEqualTo(45);
    if (!group.leads()) {
      assertThat(serial).isEqualTo(5 * 3 * 2);
    }
    assertThat(concurrent).isLessThanOrEqualTo(225);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource(MANY)
  void many(long seed) {
    manyInstances(new CourseGroup(3, seed), 5);
  }

  /**
   * 50 instances, all peers proposing in each; one is not begun until the one {@code window} before
   * it is decided.
   */
  static void manyInstances(CourseGroup group, int window) {
    for (int peer = 0; peer < 3; peer++) {
      group.start(peer, 0, 0);
    }
    for (int seq = 1; seq < 50; seq++) {
      int earlier = seq - window;
      group.polling(20 * MILLI, () -> earlier < 0 || group.decided(earlier) == 3);
      for (int peer = 0; peer < 3; peer++) {
        group.start(peer, seq, seq * 10 + peer);
      }
    }
    group.polling(
        100 * MILLI, () -> IntStream.range(1, 50).allMatch(seq -> group.decided(seq) == 3));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource(MANY)
  void old(long seed) {
    CourseGroup group = new CourseGroup(5, seed);
    group.absent(0);
    group.absent(4);
    group.start(1, 1, 111);
    group.awaitMajority(1);
    group.join(0);
    group.start(0, 1, 222);
    group.awaitDecided(1, 4);
    assertThat(group.decision(1)).isEqualTo("111");
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource(MANY)
  void speed(long seed) {
    CourseGroup group = new CourseGroup(3, seed);
    for (int seq = 0; seq < 20; seq++) {
      group.start(0, seq, "x");
      group.awaitDecidedByAll(seq);
    }
    SPEED_MICROS.accept(group.nowMicros());
  }
}
