package dev.paxoskv.client.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LoadRunnerTest {
  private static final Duration PATIENCE = Duration.ofMillis(100);

  /** Answers as it is told to and remembers the keys. */
  private static final class Scripted implements Target {
    final List<String> puts = Collections.synchronizedList(new ArrayList<>());
    final List<String> gets = Collections.synchronizedList(new ArrayList<>());
    final AtomicInteger open = new AtomicInteger();
    final AtomicInteger most = new AtomicInteger();
    final Supplier<CompletableFuture<?>> script;

    Scripted(Supplier<CompletableFuture<?>> script) {
      this.script = script;
    }

    @Override
    public CompletableFuture<?> put(byte[] key, byte[] value) {
      puts.add(Arrays.toString(key) + value.length);
      return answer();
    }

    @Override
    public CompletableFuture<?> get(byte[] key) {
      gets.add(Arrays.toString(key));
      return answer();
    }

    private CompletableFuture<?> answer() {
      most.accumulateAndGet(open.incrementAndGet(), Math::max);
      return script.get().whenComplete((done, why) -> open.decrementAndGet());
    }

    @Override
    public void close() {}
  }

  private static CompletableFuture<?> soon() {
    return new CompletableFuture<>().completeOnTimeout("done", 1, TimeUnit.MILLISECONDS);
  }

  private static Load load(int inFlight, double readShare, OptionalDouble rate) {
    return new Load(inFlight, 5, 3, readShare, Duration.ofMillis(200), rate);
  }

  private static Report run(Load load, Target... targets) throws InterruptedException {
    return LoadRunner.run(List.of(targets), load, 1, PATIENCE, second -> {});
  }

  @Test
  void keepsSoManyInFlightAndNoMore() throws InterruptedException {
    Scripted one = new Scripted(LoadRunnerTest::soon);
    Scripted two = new Scripted(LoadRunnerTest::soon);
    Report report = run(load(7, 0, OptionalDouble.empty()), one, two);

    assertThat(one.most.get()).isEqualTo(4);
    assertThat(two.most.get()).isEqualTo(3);
    assertThat(report.operations()).isEqualTo(one.puts.size() + two.puts.size()).isPositive();
    assertThat(report.failed()).isZero();
    assertThat(report.millis(50)).isPositive();
    assertThat(report.throughput()).isPositive();
    assertThat(one.gets).isEmpty();
    assertThat(one.puts).allMatch(put -> put.endsWith("]5"));
    assertThat(one.puts.stream().distinct()).hasSizeBetween(1, 3);
  }

  @Test
  void fewThreadsBeginForManyConnections() throws InterruptedException {
    Set<String> threads = ConcurrentHashMap.newKeySet();
    Supplier<CompletableFuture<?>> never = () -> {
      threads.add(Thread.currentThread().getName());
      return new CompletableFuture<>();
    };
    Scripted[] targets =
        Stream.generate(() -> new Scripted(never)).limit(500).toArray(Scripted[]::new);
    run(load(1000, 0, OptionalDouble.empty()), targets);

    assertThat(targets).allMatch(target -> target.puts.size() == 2);
    assertThat(threads).hasSizeBetween(1, 8);
  }

  @Test
  void secondsThatNobodyLookedAtAreToldAsOne() throws InterruptedException {
    List<Report> told = new ArrayList<>();
    long begin = System.nanoTime();
    Consumer<Report> slow = report -> {
      told.add(report);
      // Past the third second when the first is told: nobody looked at the second.
      await().until(() -> System.nanoTime() - begin > TimeUnit.MILLISECONDS.toNanos(3200));
    };
    Load load = new Load(1, 5, 3, 0, Duration.ofMillis(4100), OptionalDouble.empty());
    LoadRunner.run(List.of(new Scripted(LoadRunnerTest::soon)), load, 1, PATIENCE, slow);

    assertThat(told.stream().mapToDouble(Report::seconds).sum()).isBetween(3.0, 4.0);
    assertThat(told).hasSizeLessThanOrEqualTo(3);
    assertThat(told).allMatch(report -> report.operations() > 0);
  }

  @Test
  void readsAsOftenAsItIsTold() throws InterruptedException {
    Scripted target = new Scripted(() -> CompletableFuture.completedFuture(Optional.empty()));
    run(load(1, 0.25, OptionalDouble.empty()), target);

    double share = (double) target.gets.size() / (target.gets.size() + target.puts.size());
    assertThat(share).isBetween(0.2, 0.3);
  }

  @Test
  void failuresAreCountedByKindAndNotAsLatency() throws InterruptedException {
    AtomicInteger turn = new AtomicInteger();
    Scripted target = new Scripted(() -> {
      int now = turn.incrementAndGet();
      if (now % 3 == 0) {
        throw new UnsupportedOperationException("thrown");
      }
      return now % 3 == 1 ? soon() : CompletableFuture.failedFuture(new IllegalStateException());
    });
    Report report = run(load(1, 0, OptionalDouble.empty()), target);

    assertThat(report.errors())
        .containsOnlyKeys("IllegalStateException", "UnsupportedOperationException");
    assertThat(report.operations() + report.failed()).isEqualTo(turn.get());
  }

  @Test
  void whatIsNeverAnsweredIsCounted() throws InterruptedException {
    Scripted target = new Scripted(CompletableFuture::new);
    Report report = run(load(4, 0, OptionalDouble.empty()), target);

    assertThat(report.operations()).isZero();
    assertThat(report.errors()).containsEntry("no answer", 4L).hasSize(1);
    assertThat(report.throughput()).isZero();
  }

  @Test
  void openLoopBeginsAsManyAsItIsTold() throws InterruptedException {
    Scripted one = new Scripted(LoadRunnerTest::soon);
    Scripted two = new Scripted(LoadRunnerTest::soon);
    Report report = run(load(1000, 0, OptionalDouble.of(500)), one, two);

    assertThat(one.puts).hasSize(50);
    assertThat(two.puts).hasSize(50);
    assertThat(report.operations()).isEqualTo(100);
  }

  @Test
  void openLoopCountsFromTheTimeThatWasMeant() throws InterruptedException {
    AtomicInteger turn = new AtomicInteger();
    Scripted target = new Scripted(() -> turn.getAndIncrement() == 0
        ? new CompletableFuture<>().completeOnTimeout("done", 100, TimeUnit.MILLISECONDS)
        : CompletableFuture.completedFuture("done"));
    Report report = run(load(1, 0, OptionalDouble.of(1000)), target);

    // The first one holds the only place for 100 ms, in which 100 more were meant to begin.
    long late = report.micros().getCountBetweenValues(40_000, Long.MAX_VALUE / 4);
    assertThat(late + report.failed()).isGreaterThanOrEqualTo(50);
    assertThat(report.operations() + report.failed()).isEqualTo(200);
  }

  @Test
  void openLoopCountsWhatItCouldNotBegin() throws InterruptedException {
    Scripted target = new Scripted(CompletableFuture::new);
    Report report = run(load(1, 0, OptionalDouble.of(1000)), target);

    assertThat(report.errors())
        .containsEntry("no answer", 1L)
        .containsEntry("not begun in time", 199L);
  }

  @Test
  void refusesWhatMakesNoSense() {
    OptionalDouble closed = OptionalDouble.empty();
    assertThatIllegalArgumentException().isThrownBy(() -> load(0, 0, closed));
    assertThatIllegalArgumentException().isThrownBy(() -> load(1, 1.5, closed));
    assertThatIllegalArgumentException().isThrownBy(() -> load(1, Double.NaN, closed));
    assertThatIllegalArgumentException().isThrownBy(() -> load(1, 0, OptionalDouble.of(0)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Load(1, -1, 1, 0, Duration.ofSeconds(1), closed))
        .withMessage("a value's bytes must be 0 to 1048576, not -1");
  }
}
