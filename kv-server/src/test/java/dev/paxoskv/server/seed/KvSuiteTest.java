package dev.paxoskv.server.seed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paxoskv.sim.tcp.FaultPlan;
import dev.paxoskv.sim.tcp.FaultPlan.Loss;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The course's tests of its key-value store, at their original numbers, over real TCP. Loss is
 * noticed at once, as it is there; the tests named silent repeat those with faults with loss that
 * nobody hears of. {@code -Dpaxoskv.seed=N} repeats a run's dice.
 */
@Timeout(180)
class KvSuiteTest {
  private static final int BIG_VALUES = 10;

  @Test
  void basic() throws Exception {
    try (KvCluster cluster = new KvCluster(3);
        Clerk all = cluster.clerk(0, 1, 2)) {
      all.append("app", "x");
      all.append("app", "y");
      assertThat(all.get("app")).isEqualTo("xy");
      all.put("a", "aa");
      assertThat(all.get("a")).isEqualTo("aa");
      try (Clerk one = cluster.clerk(1);
          Clerk two = cluster.clerk(2)) {
        one.put("a", "aaa");
        assertThat(two.get("a")).isEqualTo("aaa");
        assertThat(all.get("a")).isEqualTo("aaa");
        assertThat(one.get("a")).isEqualTo("aaa");
      }
      for (int round = 0; round < 20; round++) {
        concurrentPutsAndGets(cluster, round, false);
        assertAllServersRead(cluster, "b");
      }
    }
  }

  /** 15 clients, each putting or getting one shared key. */
  private static void concurrentPutsAndGets(KvCluster cluster, int round, boolean isShuffled)
      throws Exception {
    Parallel.clients(15, index -> {
      Random dice = new Random(FaultPlan.SEED + 100L * round + index);
      try (Clerk clerk =
          isShuffled ? cluster.clerkOfAll(dice) : cluster.clerk(dice.nextInt(cluster.size()))) {
        if (dice.nextBoolean()) {
          clerk.put("b", Integer.toString(dice.nextInt()));
        } else {
          clerk.get("b");
        }
      }
    });
  }

  private static String assertAllServersRead(KvCluster cluster, String key) {
    String first = "";
    for (int server = 0; server < cluster.size(); server++) {
      try (Clerk clerk = cluster.clerk(server)) {
        String value = clerk.get(key);
        first = server == 0 ? value : first;
        assertThat(value).as("%s at server %d", key, server).isEqualTo(first);
      }
    }
    return first;
  }

  @Test
  void unreliable() throws Exception {
    unreliable(Loss.FAIL_FAST);
  }

  /** Waits a second for each lost call: about two minutes. */
  @Test
  @Timeout(400)
  @EnabledIfSystemProperty(named = "paxoskv.full", matches = "true")
  void unreliableSilent() throws Exception {
    unreliable(Loss.SILENT);
  }

  private static void unreliable(Loss loss) throws Exception {
    try (KvCluster cluster = new KvCluster(3, loss)) {
      cluster.unreliable(true);
      try (Clerk all = cluster.clerk(0, 1, 2);
          Clerk two = cluster.clerk(2)) {
        all.put("a", "aa");
        assertThat(all.get("a")).isEqualTo("aa");
        two.put("a", "aaa");
        assertThat(all.get("a")).isEqualTo("aaa");
      }
      for (int round = 0; round < 6; round++) {
        sequences(cluster, round);
      }
      for (int round = 0; round < 20; round++) {
        concurrentPutsAndGets(cluster, round, true);
        assertAllServersRead(cluster, "b");
      }
      appendsToOneKey(cluster);
    }
  }

  private static void sequences(KvCluster cluster, int round) throws Exception {
    Parallel.clients(5, index -> {
      Random dice = new Random(FaultPlan.SEED + 1000L * round + index);
      try (Clerk clerk = cluster.clerkOfAll(dice)) {
        String key = "own" + index;
        String before = clerk.get(key);
        clerk.append(key, "0");
        clerk.append(key, "1");
        clerk.append(key, "2");
        pause(100);
        assertThat(clerk.get(key)).isEqualTo(before + "012");
        assertThat(clerk.get(key)).isEqualTo(before + "012");
      }
    });
  }

  private static void appendsToOneKey(KvCluster cluster) throws Exception {
    Parallel.clients(5, index -> {
      Random dice = new Random(FaultPlan.SEED + index);
      try (Clerk clerk = cluster.clerkOfAll(dice)) {
        for (int i = 0; i < 5; i++) {
          clerk.append("k", "x " + index + " " + i + " y");
        }
      }
    });
    String value = assertAllServersRead(cluster, "k");
    for (int client = 0; client < 5; client++) {
      int last = -1;
      for (int i = 0; i < 5; i++) {
        String marker = "x " + client + " " + i + " y";
        assertThat(value).containsOnlyOnce(marker);
        assertThat(value.indexOf(marker)).as(marker).isGreaterThan(last);
        last = value.indexOf(marker);
      }
    }
  }

  @Test
  void partition() throws Exception {
    partition(Loss.FAIL_FAST);
  }

  @Test
  @EnabledIfSystemProperty(named = "paxoskv.full", matches = "true")
  void partitionSilent() throws Exception {
    partition(Loss.SILENT);
  }

  private static void partition(Loss loss) throws Exception {
    try (KvCluster cluster = new KvCluster(5, loss);
        Clerk zero = cluster.clerk(0);
        Clerk one = cluster.clerk(1);
        Clerk two = cluster.clerk(2);
        Clerk three = cluster.clerk(3);
        Clerk four = cluster.clerk(4)) {
      zero.put("1", "12");
      two.put("1", "13");
      assertThat(three.get("1")).isEqualTo("13");

      cluster.faults().partition(new int[] {2, 3, 4}, new int[] {0, 1});
      two.put("1", "14");
      assertThat(four.get("1")).isEqualTo("14");

      CompletableFuture<Void> put = zero.putLater("1", "15");
      CompletableFuture<String> get = one.getLater("1");
      await()
          .during(1, TimeUnit.SECONDS)
          .atMost(2, TimeUnit.SECONDS)
          .until(() -> !put.isDone() && !get.isDone());
      assertThat(four.get("1")).isEqualTo("14");
      three.put("1", "16");
      assertThat(four.get("1")).isEqualTo("16");

      cluster.faults().partition(new int[] {0, 2, 3, 4}, new int[] {1});
      put.get(3, TimeUnit.SECONDS);
      assertThat(get).isNotDone();
      assertThat(four.get("1")).isEqualTo("15");
      assertThat(zero.get("1")).isEqualTo("15");

      cluster.faults().partition(new int[] {0, 1, 2}, new int[] {3, 4});
      assertThat(get.get(10, TimeUnit.SECONDS)).isEqualTo("15");
      assertThat(one.get("1")).isEqualTo("15");
    }
  }

  @Test
  void hole() throws Exception {
    hole(Loss.FAIL_FAST);
  }

  @Test
  @EnabledIfSystemProperty(named = "paxoskv.full", matches = "true")
  void holeSilent() throws Exception {
    hole(Loss.SILENT);
  }

  private static void hole(Loss loss) throws Exception {
    try (KvCluster cluster = new KvCluster(5, loss);
        Clerk two = cluster.clerk(2)) {
      for (int round = 0; round < 5; round++) {
        cluster.faults().heal();
        two.put("q", "q");
        AtomicBoolean isOver = new AtomicBoolean();
        int seed = 10_000 * round;
        try (Parallel clients = Parallel.start(
            10,
            index ->
                putsAndGets(cluster, index, new Random(FaultPlan.SEED + seed + index), isOver))) {
          pause(3000);
          cluster.faults().partition(new int[] {2, 3, 4}, new int[] {0, 1});
          assertThat(two.get("q")).isEqualTo("q");
          two.put("q", "qq");
          assertThat(two.get("q")).isEqualTo("qq");
          cluster.faults().heal();
          isOver.set(true);
          clients.join();
        }
        assertThat(two.get("q")).isEqualTo("qq");
      }
    }
  }

  /** One logical client that asks server 0 or 1, each through a client of its own. */
  private static void putsAndGets(KvCluster cluster, int index, Random dice, AtomicBoolean isOver) {
    String key = Integer.toString(index);
    String last = "";
    try (Clerk zero = cluster.clerk(0);
        Clerk one = cluster.clerk(1)) {
      while (!isOver.get()) {
        Clerk clerk = dice.nextBoolean() ? zero : one;
        if (last.isEmpty() || dice.nextBoolean()) {
          last = Integer.toString(dice.nextInt());
          clerk.put(key, last);
        } else {
          assertThat(clerk.get(key)).isEqualTo(last);
        }
      }
    }
  }

  @Test
  void manyPartition() throws Exception {
    manyPartition(Loss.FAIL_FAST);
  }

  @Test
  @EnabledIfSystemProperty(named = "paxoskv.full", matches = "true")
  void manyPartitionSilent() throws Exception {
    manyPartition(Loss.SILENT);
  }

  private static void manyPartition(Loss loss) throws Exception {
    try (KvCluster cluster = new KvCluster(5, loss)) {
      cluster.unreliable(true);
      AtomicBoolean isOver = new AtomicBoolean();
      try (Parallel clients = Parallel.start(10, index -> appendsAndGets(cluster, index, isOver))) {
        Random dice = new Random(FaultPlan.SEED);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (System.nanoTime() - end < 0) {
          cluster.faults().partitionBy(dice.ints(5, 0, 3).toArray());
          pause(dice.nextInt(200));
        }
        cluster.faults().heal();
        isOver.set(true);
        clients.join();
      }
      assertThat(cluster.faults().requestsLost()).isPositive();
    }
  }

  private static void appendsAndGets(KvCluster cluster, int index, AtomicBoolean isOver) {
    Random dice = new Random(FaultPlan.SEED * 3 + index);
    String key = Integer.toString(index);
    String last = "";
    int rounds = 0;
    try (Clerk clerk = cluster.clerkOfAll(dice)) {
      for (; !isOver.get(); rounds++) {
        if (dice.nextBoolean()) {
          String more = Integer.toString(dice.nextInt());
          clerk.append(key, more);
          last += more;
        } else {
          assertThat(clerk.get(key)).isEqualTo(last);
        }
      }
      assertThat(clerk.get(key)).as("after %d rounds", rounds).isEqualTo(last);
    }
  }

  @Test
  void done() {
    try (KvCluster cluster = new KvCluster(3);
        Clerk all = cluster.clerk(0, 1, 2);
        Clerk zero = cluster.clerk(0);
        Clerk one = cluster.clerk(1);
        Clerk two = cluster.clerk(2)) {
      List<Clerk> each = List.of(zero, one, two);
      all.put("a", "aa");
      assertThat(all.get("a")).isEqualTo("aa");
      long before = heapBytes();
      Random dice = new Random(FaultPlan.SEED);
      for (int i = 0; i < 2 * BIG_VALUES; i++) {
        byte[] value = new byte[1_000_000];
        for (int b = 0; b < value.length; b++) {
          value[b] = (byte) (1 + dice.nextInt(100));
        }
        byte[] key = Integer.toString(i % BIG_VALUES).getBytes(UTF_8);
        all.client().put(key, value);
        assertThat(each.get(i % BIG_VALUES % 3).client().get(key)).hasValue(value);
      }
      for (int i = 0; i < 6; i++) {
        each.get(i % 3).put("a", "aa");
        assertThat(each.get(i % 3).get("a")).isEqualTo("aa");
      }
      pause(1000);
      long after = heapBytes();
      System.out.printf(
          "Done: heap %.1f MB before, %.1f MB after, the limit is 60 MB more%n",
          before / 1e6, after / 1e6);
      assertThat(after - before).isLessThanOrEqualTo(3L * BIG_VALUES * 1_000_000 * 2);
    }
  }

  private static long heapBytes() {
    System.gc();
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private static void pause(int millis) {
    await().pollDelay(Duration.ofMillis(millis)).atMost(Duration.ofSeconds(60)).until(() -> true);
  }
}
