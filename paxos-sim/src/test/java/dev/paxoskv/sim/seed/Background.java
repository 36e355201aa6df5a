package dev.paxoskv.sim.seed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Things that go on beside the test, again and again with random pauses, until it stops them. */
final class Background implements AutoCloseable {
  private static final int THREADS = 3;

  private final ScheduledExecutorService executor = Executors.newScheduledThreadPool(THREADS);
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

  /** Repeats {@code action} with pauses of 0 to {@code millis - 1}, by dice of its own. */
  void repeat(int millis, SplittableRandom dice, Runnable action) {
    executor.execute(() -> {
      try {
        action.run();
      } catch (RuntimeException | Error e) {
        failures.add(e);
        return;
      }
      later(dice.nextInt(millis), () -> repeat(millis, dice, action));
    });
  }

  private void later(int millis, Runnable action) {
    try {
      executor.schedule(action, millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      // Stopped meanwhile.
    }
  }

  /** Ends everything, waits until it has ended, and fails if any of it had failed. */
  void stop() throws InterruptedException {
    executor.shutdownNow();
    assertThat(executor.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    assertThat(failures).isEmpty();
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
