package dev.paxoskv.server.sim;

import dev.paxoskv.server.sim.StoreStorm.Load;
import dev.paxoskv.server.sim.history.History.Outcome;
import dev.paxoskv.sim.check.Oracle;
import dev.paxoskv.sim.reach.Reach;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The command behind {@code scripts/sim}: minutes in the life of busy stores, each from a seed of
 * its own, on every core. Every run is checked for linearizability, equal states and agreement.
 */
final class StoreSimMain {
  private static final String USAGE = """
      usage: sim [--seed N] [--seconds S] [--from N] [--nodes N] [--durable] [--trace]
        --seconds S  run fresh seeds for so long (10)
        --from N     begin with seed N, to compare two runs; otherwise with the time of day
        --seed N     run only this seed
        --nodes N    how many servers, 1 to 7 (3)
        --durable    servers on disks that fail in every run, not in every other one
        --trace      with --seed: print everything that happens
      sim --library ...: the library alone, from plans that fit in files; --library --help""";
  private static final double MICROS_PER_HOUR = 3.6e9;
  private static final double LINE_EACH_SECONDS = 5;

  /** The judge of a history goes one call deeper with each write. */
  private static final long STACK_BYTES = 1L << 29;

  /** The sum of all runs. */
  private static final class Totals {
    private final long beganNanos = System.nanoTime();
    private final Reach reach = new Reach();
    private final Map<String, Long> faults = new TreeMap<>();
    private long runs;
    private long micros;
    private long events;
    private long operations;

    void add(StoreStorm storm, Reach reached) {
      runs++;
      micros += storm.sim().simulator().nowMicros();
      events += storm.sim().simulator().happened();
      operations += storm.history().count(Outcome.DONE);
      reach.add(reached);
      storm.disks().forEach((what, times) -> faults.merge("server: " + what, times, Long::sum));
      storm.faults().forEach((kind, times) -> faults.merge(kind, (long) times, Long::sum));
      storm.sim().network().faults().forEach((kind, times) -> faults.merge(kind, times, Long::sum));
    }

    double seconds() {
      return (System.nanoTime() - beganNanos) / 1e9;
    }

    String line() {
      double hours = micros / MICROS_PER_HOUR;
      double cpuMinutes = ProcessHandle.current()
          .info()
          .totalCpuDuration()
          .map(duration -> duration.toNanos() / 60e9)
          .orElse(Double.NaN);
      return String.format(
          Locale.ROOT,
          "%d seeds in %.1f s, %.2f cluster-hours: %.2f per minute, %.2f per minute of one core;"
              + " %.0f client operations done per virtual second, %.0f events/s",
          runs,
          seconds(),
          hours,
          hours * 60 / seconds(),
          hours / cpuMinutes,
          operations * 1e6 / micros,
          events / seconds());
    }

    String report() {
      StringBuilder report = new StringBuilder(line()).append("\nfaults:\n");
      faults.forEach(
          (kind, times) -> report.append(String.format(Locale.ROOT, "%12d  %s%n", times, kind)));
      return report.append("rare states reached:\n").append(reach.table()).toString();
    }
  }

  private final PrintStream out;
  private final Totals totals = new Totals();
  private final List<String> violations = new ArrayList<>();
  private long seconds = 10;
  private int servers = 3;
  private OptionalLong seed = OptionalLong.empty();
  private OptionalLong from = OptionalLong.empty();
  private boolean isDurable;
  private boolean isTraced;
  private double lineDue = LINE_EACH_SECONDS;

  private StoreSimMain(PrintStream out) {
    this.out = out;
  }

  public static void main(String[] args) throws InterruptedException {
    System.exit(run(System.out, args));
  }

  /** Returns the exit code: 0 for all well, 1 for a violation, 2 for wrong arguments. */
  static int run(PrintStream out, String... args) throws InterruptedException {
    StoreSimMain main = new StoreSimMain(out);
    try {
      main.read(args);
    } catch (IllegalArgumentException e) {
      out.println(e.getMessage() + "\n" + USAGE);
      return 2;
    }
    return main.run();
  }

  private void read(String... words) {
    for (int i = 0; i < words.length; i++) {
      switch (words[i]) {
        case "--trace" -> isTraced = true;
        case "--durable" -> isDurable = true;
        case "--seed" -> seed = OptionalLong.of(number(words, i++));
        case "--from" -> from = OptionalLong.of(number(words, i++));
        case "--seconds" -> seconds = number(words, i++);
        case "--nodes" -> servers = Math.toIntExact(number(words, i++));
        default -> throw new IllegalArgumentException("unknown argument " + words[i]);
      }
    }
    if (servers < 1 || servers > 7) {
      throw new IllegalArgumentException("--nodes takes 1 to 7");
    }
    if (isTraced && seed.isEmpty()) {
      throw new IllegalArgumentException("--trace needs --seed");
    }
  }

  private static long number(String[] words, int name) {
    if (name + 1 >= words.length || !words[name + 1].matches("[0-9]{1,18}")) {
      throw new IllegalArgumentException(words[name] + " takes a number");
    }
    return Long.parseLong(words[name + 1]);
  }

  private int run() throws InterruptedException {
    if (seed.isPresent()) {
      workers(1, () -> one(seed.getAsLong()));
    } else {
      many();
    }
    out.print(totals.report());
    out.println(violations.size() + " violations");
    violations.forEach(out::println);
    return violations.isEmpty() ? 0 : 1;
  }

  private void many() throws InterruptedException {
    int cores = Runtime.getRuntime().availableProcessors();
    // Fresh seeds each time, and named in the output: chance is welcome here, loss of it is not.
    AtomicLong next = new AtomicLong(from.orElse(System.currentTimeMillis() * 1000));
    out.println("seeds from " + next + ", " + servers + " servers, " + cores + " cores");
    workers(cores, () -> workOn(next));
  }

  private static void workers(int count, Runnable work) throws InterruptedException {
    List<Thread> workers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Thread worker = new Thread(null, work, "sim-" + i, STACK_BYTES);
      worker.start();
      workers.add(worker);
    }
    for (Thread worker : workers) {
      worker.join();
    }
  }

  private void workOn(AtomicLong next) {
    while (!isOver()) {
      one(next.getAndIncrement());
    }
  }

  private synchronized boolean isOver() {
    return totals.seconds() >= seconds || !violations.isEmpty();
  }

  private void one(long number) {
    Reach reached = new Reach();
    Oracle oracle = Oracle.ofMessages(servers, reached.watchers(servers));
    boolean onDisks = isDurable || number % 2 != 0;
    StoreStorm storm = new StoreStorm(number, servers, Load.BUSY, oracle, onDisks);
    if (isTraced) {
      storm.sim().simulator().listen(out::println);
    }
    try {
      storm.run();
      add(storm, reached);
    } catch (RuntimeException | Error e) {
      add(storm, reached);
      violated("violation: " + e.getMessage() + "\nagain: scripts/sim --nodes " + servers
          + (isDurable ? " --durable" : "") + " --seed " + number + " --trace");
    }
  }

  private synchronized void violated(String what) {
    violations.add(what);
  }

  private synchronized void add(StoreStorm storm, Reach reached) {
    totals.add(storm, reached);
    if (totals.seconds() >= lineDue) {
      out.println(totals.line());
      lineDue += LINE_EACH_SECONDS;
    }
  }
}
