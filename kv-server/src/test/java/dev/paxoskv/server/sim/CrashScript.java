package dev.paxoskv.server.sim;

import static dev.paxoskv.server.sim.StoreSim.MILLI;
import static dev.paxoskv.server.sim.StoreSim.SECOND;

import dev.paxoskv.sim.check.Oracle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The same short life of three durable servers again and again, with small segments and many
 * snapshots, and the power cut at another point each time: before one effect of one disk. Each
 * client appends to a key of its own, one after the other, so that each value says what was lost,
 * what came twice, and whether the order held.
 */
final class CrashScript {
  static final int SERVERS = 3;

  private static final long SEED = 4;
  private static final int CLIENTS = 2;
  private static final int APPENDS = 9;
  private static final long PATIENCE_MICROS = 30 * SECOND;
  private static final SimDirectory.Sizes SIZES = new SimDirectory.Sizes(2048, 600, 1000);

  /**
   * Where the power is cut.
   *
   * @param server whose disk it is
   * @param effect before which of its effects; past the last: nowhere
   * @param isOfAll whether all servers lose power then
   */
  record Point(int server, long effect, boolean isOfAll) {
    static final Point NOWHERE = new Point(0, Long.MAX_VALUE, false);
  }

  private final Point point;
  private final List<SimDirectory> directories = new ArrayList<>();
  private final StoreSim sim;
  private boolean isCut;
  private long lost;
  private long doubled;

  private CrashScript(Point point) {
    this.point = point;
    for (int me = 0; me < SERVERS; me++) {
      directories.add(new SimDirectory(SIZES));
    }
    directories.get(point.server()).disk().cutPowerBefore(point.effect());
    this.sim = new StoreSim(SERVERS, SEED, Oracle.ofMessages(SERVERS, List.of()), directories);
  }

  /** Plays it; fails with the point. */
  static CrashScript play(Point point) {
    CrashScript script = new CrashScript(point);
    try {
      script.play();
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError("cut at " + point + ": " + e.getMessage(), e);
    }
    return script;
  }

  /** How many effects each disk had. */
  List<Long> effects() {
    return directories.stream().map(d -> d.disk().effects()).toList();
  }

  StoreSim sim() {
    return sim;
  }

  /** Whether the point was reached. */
  boolean isCut() {
    return isCut;
  }

  long lost() {
    return lost;
  }

  long doubled() {
    return doubled;
  }

  private void play() {
    List<CompletableFuture<Void>> working = new ArrayList<>();
    for (int client = 0; client < CLIENTS; client++) {
      SimClerk clerk =
          sim.clerk(Duration.ofSeconds(30), client, 1 + client, (2 + client) % SERVERS);
      working.add(appendFrom(clerk, client, 0));
    }
    await(CompletableFuture.allOf(working.toArray(CompletableFuture[]::new)));
    run(SECOND);
    readAll();
    if (sim.living().size() < SERVERS) {
      // The power was cut while this was read: whoever comes back must know it as well.
      run(SECOND);
      readAll();
    }
  }

  private void readAll() {
    for (int server = 0; server < SERVERS; server++) {
      SimClerk clerk = sim.clerk(Duration.ofSeconds(30), server);
      for (int client = 0; client < CLIENTS; client++) {
        judge(client, await(clerk.get(key(client))));
      }
    }
  }

  private CompletableFuture<Void> appendFrom(SimClerk clerk, int client, int number) {
    if (number == APPENDS) {
      return CompletableFuture.completedFuture(null);
    }
    CompletableFuture<Void> done = number == 0
        ? clerk.put(key(client), token(number))
        : clerk.append(key(client), token(number));
    return done.thenCompose(v -> appendFrom(clerk, client, number + 1));
  }

  private void judge(int client, String value) {
    StringBuilder expected = new StringBuilder();
    for (int number = 0; number < APPENDS; number++) {
      String token = token(number);
      expected.append(token);
      int first = value.indexOf(token);
      lost += first < 0 ? 1 : 0;
      doubled += first >= 0 && value.indexOf(token, first + 1) >= 0 ? 1 : 0;
    }
    if (!value.contentEquals(expected)) {
      throw new AssertionError(
          "client " + client + " reads " + value + ", lost " + lost + ", doubled " + doubled);
    }
  }

  private <T> T await(CompletableFuture<T> awaited) {
    long end = sim.simulator().nowMicros() + PATIENCE_MICROS;
    while (!awaited.isDone() && sim.simulator().nowMicros() < end) {
      run(MILLI);
    }
    if (!awaited.isDone()) {
      throw new AssertionError("not done");
    }
    return awaited.join();
  }

  /** Looks every millisecond whether the power is cut, as then it may have to be for all. */
  private void run(long micros) {
    long end = sim.simulator().nowMicros() + micros;
    lookForCut();
    while (sim.simulator().nowMicros() < end) {
      sim.run(MILLI);
      lookForCut();
    }
  }

  private void lookForCut() {
    boolean isCutNow = sim.tally().times("power cuts") > 0;
    if (isCutNow && !isCut && point.isOfAll()) {
      sim.living().forEach(server -> server.falls(true));
    }
    isCut |= isCutNow;
  }

  private static String key(int client) {
    return "k" + client;
  }

  private static String token(int number) {
    return "(" + number + "." + "x".repeat(40) + ")";
  }
}
