package dev.paxoskv.server.seed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paxoskv.sim.tcp.FaultPlan;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The course's tests of its key-value store, at their original numbers, over real TCP. Loss is
 * noticed at once, as it is there. {@code -Dpaxoskv.seed=N} repeats a run's dice.
 */
@Timeout(180)
class KvSuiteTest {

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
    try (KvCluster cluster = new KvCluster(3)) {
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
        await().pollDelay(Duration.ofMillis(100)).until(() -> true);
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
    try (KvCluster cluster = new KvCluster(5);
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
}
