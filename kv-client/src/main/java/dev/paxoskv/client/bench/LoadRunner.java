package dev.paxoskv.client.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/** Puts a load on a store and measures. */
public final class LoadRunner {
  private static final int DIGITS = 3;
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final int FILLING_MAX = 64;

  /** Thousands of threads, one a connection, would take seconds to begin. */
  private static final int BEGINNERS_MAX = 8;

  private LoadRunner() {}

  /**
   * Begins operations for as long as {@code load} says, waits for the last of them to end, and sums
   * up. An operation that does not end within {@code patience} after that counts as failed.
   *
   * @param targets the connections, which share the load evenly; at least one
   * @param seed of the choice of keys and of reads
   * @param eachSecond told how the last second was, or the last seconds
   * @throws InterruptedException if the thread is interrupted; what is in flight then goes on
   */
  public static Report run(
      List<? extends Target> targets,
      Load load,
      long seed,
      Duration patience,
      Consumer<Report> eachSecond)
      throws InterruptedException {
    Tally tally = new Tally();
    long begin = System.nanoTime();
    long end = begin + load.duration().toNanos();
    List<Lane> lanes = new ArrayList<>();
    for (int i = 0; i < targets.size(); i++) {
      lanes.add(new Lane(targets.get(i), load, new Lane.Share(i, targets.size()), seed, tally));
    }
    List<Thread> threads = threads(lanes, load.rate().isPresent(), lane -> lane.run(begin, end));
    threads.forEach(Thread::start);
    Sum sum = new Sum();
    long last = begin;
    while (last + SECOND < end) {
      sleepUntil(last + SECOND);
      // More than one if this process had no time to look: no seconds of nothing are made up.
      long whole = (System.nanoTime() - last) / SECOND;
      Report seconds = tally.take((double) whole);
      last += whole * SECOND;
      sum.add(seconds);
      eachSecond.accept(seconds);
    }
    sleepUntil(end);
    long deadline = end + patience.toNanos();
    for (Thread thread : threads) {
      thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
    }
    long open = tally.awaitEnd(deadline, System::nanoTime);
    if (open > 0) {
      tally.count("no answer", open);
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    sum.add(tally.take(0));
    return sum.report(seconds);
  }

  /** A lane that keeps a pace waits, and needs a thread; others only begin their operations. */
  private static List<Thread> threads(List<Lane> lanes, boolean isPaced, Consumer<Lane> work) {
    int count = isPaced ? lanes.size() : Math.min(lanes.size(), BEGINNERS_MAX);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int first = i;
      Runnable each = () -> {
        for (int lane = first; lane < lanes.size(); lane += count) {
          work.accept(lanes.get(lane));
        }
      };
      Thread thread = new Thread(each, "load-" + i);
      thread.setDaemon(true);
      threads.add(thread);
    }
    return threads;
  }

  /**
   * Writes every key once, as many at a time as {@code load} allows but {@value #FILLING_MAX}, and
   * waits for the last: whoever reads after that reads what was written now or later.
   *
   * @param targets the connections; at least one
   * @throws java.util.concurrent.CompletionException with what the first write failed with
   */
  public static void writeEach(List<? extends Target> targets, Load load) {
    byte[] value = new byte[load.valueBytes()];
    int most = Math.min(load.inFlight(), FILLING_MAX);
    List<CompletableFuture<?>> open = new ArrayList<>();
    for (int key = 0; key < load.keys(); key++) {
      open.add(targets.get(key % targets.size()).put(Lane.key(key), value));
      if (open.size() == most || key == load.keys() - 1) {
        CompletableFuture.allOf(open.toArray(CompletableFuture<?>[]::new)).join();
        open.clear();
      }
    }
  }

  private static void sleepUntil(long at) throws InterruptedException {
    long left = at - System.nanoTime();
    while (left > 0) {
      LockSupport.parkNanos(left);
      if (Thread.interrupted()) {
        throw new InterruptedException("while the load went on");
      }
      left = at - System.nanoTime();
    }
  }

  /** Several reports as one. */
  private static final class Sum {
    private final Histogram micros = new Histogram(DIGITS);
    private final Map<String, Long> errors = new HashMap<>();

    void add(Report report) {
      micros.add(report.micros());
      report.errors().forEach((kind, times) -> errors.merge(kind, times, Long::sum));
    }

    Report report(double seconds) {
      return new Report(seconds, micros, errors);
    }
  }
}
