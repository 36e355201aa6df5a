package dev.paxoskv.server.sim;

import static dev.paxoskv.server.sim.StoreSim.MILLI;
import static dev.paxoskv.server.sim.StoreSim.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.sim.LinkFaults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The course's tests of its key-value store, at their original numbers, in virtual time. Loss is
 * noticed at once, as it is there; what a partition cuts off silently is not. The name of a failing
 * test is its seed; {@code -Dpaxoskv.store.seed=N} repeats one.
 */
class KvSuiteSimTest {
  private static final long SEEDS = Boolean.getBoolean("paxoskv.full") ? 200 : 20;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private StoreSim sim = new StoreSim(1, 0);
  private RandomGenerator dice = sim.dice().fork("suite", 0);
  private boolean isOver;

  static LongStream seeds() {
    Long one = Long.getLong("paxoskv.store.seed");
    return one == null ? LongStream.range(0, SEEDS) : LongStream.of(one);
  }

  @BeforeEach
  void begin() {
    isOver = false;
  }

  private void servers(int size, long seed) {
    sim = new StoreSim(size, seed);
    dice = sim.dice().fork("suite", size);
    sim.network().behave(new LinkFaults(50, 100 + dice.nextLong(2000), 0, 0, 0));
    sim.network().failFast(seed % 2 == 0);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void basic(long seed) {
    servers(3, seed);
    SimClerk all = clerk(0, 1, 2);
    now(all.append("app", "x"));
    now(all.append("app", "y"));
    assertThat(now(all.get("app"))).isEqualTo("xy");
    now(all.put("a", "aa"));
    assertThat(now(all.get("a"))).isEqualTo("aa");
    now(clerk(1).put("a", "aaa"));
    assertThat(now(clerk(2).get("a"))).isEqualTo("aaa");
    assertThat(now(all.get("a"))).isEqualTo("aaa");
    assertThat(now(clerk(1).get("a"))).isEqualTo("aaa");
    for (int round = 0; round < 20; round++) {
      concurrentPutsAndGets(client -> clerk(dice.nextInt(sim.size())));
      assertAllServersRead("b");
    }
  }

  /** 15 clients, each putting or getting one shared key. */
  private void concurrentPutsAndGets(IntFunction<SimClerk> newClerk) {
    together(15, client -> {
      SimClerk clerk = newClerk.apply(client);
      return dice.nextBoolean() ? clerk.put("b", "" + dice.nextInt()) : clerk.get("b");
    });
  }

  private String assertAllServersRead(String key) {
    String first = now(clerk(0).get(key));
    for (int server = 1; server < sim.size(); server++) {
      assertThat(now(clerk(server).get(key))).isEqualTo(first);
    }
    return first;
  }

  /** The memory is measured over TCP; here, that nothing is kept that makes it grow. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void done(long seed) {
    servers(3, seed);
    String value = "v".repeat(1_000_000);
    for (int i = 0; i < 20; i++) {
      String key = "" + i % 10;
      now(clerk(0).put(key, value));
      assertThat(now(clerk(i % 3).get(key))).hasSameSizeAs(value);
    }
    for (int i = 0; i < 6; i++) {
      now(clerk(i % 3).put("a", "aa"));
      assertThat(now(clerk(i % 3).get("a"))).isEqualTo("aa");
    }
    sim.run(SECOND);
    for (SimServer server : sim.living()) {
      assertThat(server.host().applied()).isEqualTo(server.host().max());
      assertThat(server.host().min()).isEqualTo(server.host().applied() + 1);
      assertThat(server.host().drivingBytes()).isZero();
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void partition(long seed) {
    servers(5, seed);
    List<SimClerk> clerks = IntStream.range(0, 5).mapToObj(this::clerk).toList();
    now(clerks.get(0).put("1", "12"));
    now(clerks.get(2).put("1", "13"));
    assertThat(now(clerks.get(3).get("1"))).isEqualTo("13");

    sim.partition(new int[] {2, 3, 4}, new int[] {0, 1});
    now(clerks.get(2).put("1", "14"));
    assertThat(now(clerks.get(4).get("1"))).isEqualTo("14");

    CompletableFuture<Void> put = clerks.get(0).put("1", "15");
    CompletableFuture<String> get = clerks.get(1).get("1");
    sim.run(SECOND);
    assertThat(put).isNotDone();
    assertThat(get).isNotDone();
    assertThat(now(clerks.get(4).get("1"))).isEqualTo("14");
    now(clerks.get(3).put("1", "16"));
    assertThat(now(clerks.get(4).get("1"))).isEqualTo("16");

    sim.partition(new int[] {0, 2, 3, 4}, new int[] {1});
    sim.await(put, 3 * SECOND);
    assertThat(get).isNotDone();
    assertThat(now(clerks.get(4).get("1"))).isEqualTo("15");
    assertThat(now(clerks.get(0).get("1"))).isEqualTo("15");

    sim.partition(new int[] {0, 1, 2}, new int[] {3, 4});
    assertThat(sim.await(get, 10 * SECOND)).isEqualTo("15");
    assertThat(now(clerks.get(1).get("1"))).isEqualTo("15");
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void unreliable(long seed) {
    servers(3, seed);
    sim.unreliable(true);
    now(clerk(0, 1, 2).put("a", "aa"));
    assertThat(now(clerk(0, 1, 2).get("a"))).isEqualTo("aa");
    now(clerk(2).put("a", "aaa"));
    assertThat(now(clerk(0, 1, 2).get("a"))).isEqualTo("aaa");
    for (int round = 0; round < 6; round++) {
      together(5, client -> sequence(clerkOfAll(), "own" + client));
    }
    for (int round = 0; round < 20; round++) {
      concurrentPutsAndGets(client -> clerkOfAll());
      assertAllServersRead("b");
    }
    together(5, client -> appends(clerkOfAll(), client, 0));
    assertAllAppendsOnceAndInOrder(assertAllServersRead("k"));
    assertThat(sim.calls().lost()).isPositive();
  }

  private CompletableFuture<?> sequence(SimClerk clerk, String key) {
    return clerk
        .get(key)
        .thenCompose(before -> clerk
            .append(key, "0")
            .thenCompose(done -> clerk.append(key, "1"))
            .thenCompose(done -> clerk.append(key, "2"))
            .thenCompose(done -> clerk.pause(100 * MILLI))
            .thenCompose(done -> clerk.get(key))
            .thenAccept(after -> assertThat(after).isEqualTo(before + "012"))
            .thenCompose(done -> clerk.get(key))
            .thenAccept(after -> assertThat(after).isEqualTo(before + "012")));
  }

  private CompletableFuture<Void> appends(SimClerk clerk, int client, int i) {
    return i == 5
        ? CompletableFuture.completedFuture(null)
        : clerk.append("k", marker(client, i)).thenCompose(done -> appends(clerk, client, i + 1));
  }

  private static String marker(int client, int i) {
    return "x " + client + " " + i + " y";
  }

  private static void assertAllAppendsOnceAndInOrder(String value) {
    for (int client = 0; client < 5; client++) {
      int last = -1;
      for (int i = 0; i < 5; i++) {
        assertThat(value).containsOnlyOnce(marker(client, i));
        assertThat(value.indexOf(marker(client, i))).isGreaterThan(last);
        last = value.indexOf(marker(client, i));
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void hole(long seed) {
    servers(5, seed);
    // Slower, so that fifteen seconds of clients in full swing are not all that the seeds cost.
    sim.network().behave(new LinkFaults(1000, 2000 + dice.nextLong(8000), 0, 0, 0));
    SimClerk two = clerk(2);
    for (int round = 0; round < 5; round++) {
      sim.network().heal();
      now(two.put("q", "q"));
      isOver = false;
      List<CompletableFuture<Void>> clients = new ArrayList<>();
      for (int client = 0; client < 10; client++) {
        clients.add(putsAndGets(List.of(clerk(0), clerk(1)), "" + client, ""));
      }
      sim.run(3 * SECOND);
      sim.partition(new int[] {2, 3, 4}, new int[] {0, 1});
      assertThat(now(two.get("q"))).isEqualTo("q");
      now(two.put("q", "qq"));
      assertThat(now(two.get("q"))).isEqualTo("qq");
      sim.network().heal();
      isOver = true;
      clients.forEach(this::now);
      assertThat(now(two.get("q"))).isEqualTo("qq");
    }
  }

  /** One client that goes to one server or the other; {@code last} is what it put last. */
  private CompletableFuture<Void> putsAndGets(List<SimClerk> clerks, String key, String last) {
    if (isOver) {
      return CompletableFuture.completedFuture(null);
    }
    SimClerk clerk = clerks.get(dice.nextInt(clerks.size()));
    if (last.isEmpty() || dice.nextBoolean()) {
      String next = "" + dice.nextInt();
      return clerk.put(key, next).thenCompose(done -> putsAndGets(clerks, key, next));
    }
    return clerk.get(key).thenCompose(found -> {
      assertThat(found).isEqualTo(last);
      return putsAndGets(clerks, key, last);
    });
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void manyPartition(long seed) {
    servers(5, seed);
    sim.unreliable(true);
    List<CompletableFuture<Void>> clients = new ArrayList<>();
    for (int client = 0; client < 10; client++) {
      clients.add(appendsAndGets(clerkOfAll(), "" + client, ""));
    }
    long end = sim.simulator().nowMicros() + 20 * SECOND;
    while (sim.simulator().nowMicros() < end) {
      sim.partitionBy(IntStream.range(0, 5).map(server -> dice.nextInt(3)).toArray());
      sim.run(dice.nextInt(200) * MILLI);
    }
    sim.network().heal();
    isOver = true;
    clients.forEach(this::now);
    for (int client = 0; client < 10; client++) {
      assertAllServersRead("" + client);
    }
  }

  private CompletableFuture<Void> appendsAndGets(SimClerk clerk, String key, String last) {
    if (isOver) {
      return CompletableFuture.completedFuture(null);
    }
    if (dice.nextBoolean()) {
      String more = "" + dice.nextInt();
      return clerk.append(key, more).thenCompose(done -> appendsAndGets(clerk, key, last + more));
    }
    return clerk.get(key).thenCompose(found -> {
      assertThat(found).isEqualTo(last);
      return appendsAndGets(clerk, key, last);
    });
  }

  private SimClerk clerk(int... order) {
    return sim.clerk(PATIENCE, order);
  }

  private SimClerk clerkOfAll() {
    return sim.clerkOfAll(PATIENCE, dice);
  }

  private <T> T now(CompletableFuture<T> asked) {
    return sim.await(asked, PATIENCE.toMillis() * MILLI);
  }

  private void together(int count, IntFunction<CompletableFuture<?>> client) {
    now(CompletableFuture.allOf(
        IntStream.range(0, count).mapToObj(client).toArray(CompletableFuture[]::new)));
  }
}
