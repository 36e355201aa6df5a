package dev.paxoskv.sim.seed;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ThrowingRunnable;
import org.awaitility.pollinterval.IterativePollInterval;

/** The waits of the course's suite. */
final class Waits {
  /** Doubled before it is first used. */
  private static final Duration HALF_FIRST_POLL = Duration.ofMillis(5);

  private static final Duration LONGEST_POLL = Duration.ofMillis(1280);
  private static final Duration PATIENCE = Duration.ofMillis(30_700);

  /** Where the course's suite waits without a limit. */
  private static final Duration LONG = Duration.ofMinutes(2);

  private Waits() {}

  /** Polls from 10 ms, doubling up to 1.28 s, for 30.7 s in all. */
  static void patiently(String what, Callable<Boolean> condition) {
    wait(what, PATIENCE)
        .pollInterval(IterativePollInterval.iterative(Waits::doubled, HALF_FIRST_POLL))
        .until(condition);
  }

  /** Polls at a fixed interval, for a very long time. */
  static void polling(String what, Duration interval, Callable<Boolean> condition) {
    wait(what, LONG).pollInterval(interval).until(condition);
  }

  /** Checks all through {@code time} that {@code assertion} holds. */
  static void holds(Duration time, ThrowingRunnable assertion) {
    // The end has room for a busy machine; what was broken once stays so, and fails there too.
    wait("to hold for " + time, time.plusSeconds(10))
        .pollInterval(Duration.ofMillis(50))
        .during(time)
        .untilAsserted(assertion);
  }

  /** Lets {@code time} pass. */
  static void settle(Duration time) {
    wait("settling", time.plusSeconds(5)).pollDelay(time).until(() -> true);
  }

  private static ConditionFactory wait(String what, Duration most) {
    return Awaitility.await(what).pollInSameThread().pollDelay(Duration.ZERO).atMost(most);
  }

  private static Duration doubled(Duration interval) {
    Duration next = interval.multipliedBy(2);
    return next.compareTo(LONGEST_POLL) > 0 ? LONGEST_POLL : next;
  }
}
