package dev.paxoskv.client.bench;

import dev.paxoskv.client.NotAppliedException;
import dev.paxoskv.client.OutcomeUnknownException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;

/** Counts how operations ended. Safe for any number of threads. */
final class Tally {
  private static final int DIGITS = 3;

  private Histogram micros = new Histogram(DIGITS);
  private Map<String, Long> errors = new HashMap<>();
  private long open;

  synchronized void began() {
    open++;
  }

  /** An operation that was to begin at {@code intended} is over. */
  synchronized void ended(long intended, Optional<Throwable> why) {
    open--;
    if (open == 0) {
      notifyAll();
    }
    if (why.isPresent()) {
      count(kind(why.get()), 1);
    } else {
      micros.recordValue(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - intended));
    }
  }

  /** So many operations were to begin and did not. */
  synchronized void count(String kind, long times) {
    errors.merge(kind, times, Long::sum);
  }

  /** What has ended since the last time. */
  synchronized Report take(double seconds) {
    Report report = new Report(seconds, micros, errors);
    micros = new Histogram(DIGITS);
    errors = new HashMap<>();
    return report;
  }

  /**
   * Waits until nothing is open, or it is too late.
   *
   * @return how many operations are still open
   */
  synchronized long awaitEnd(long deadlineNanos, Supplier<Long> nanos) throws InterruptedException {
    long left = deadlineNanos - nanos.get();
    while (open > 0 && left > 0) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
      left = deadlineNanos - nanos.get();
    }
    return open;
  }

  private static String kind(Throwable why) {
    Throwable cause =
        why instanceof CompletionException ? Optional.ofNullable(why.getCause()).orElse(why) : why;
    if (cause instanceof NotAppliedException) {
      return "not applied";
    }
    return cause instanceof OutcomeUnknownException
        ? "outcome unknown"
        : cause.getClass().getSimpleName();
  }
}
