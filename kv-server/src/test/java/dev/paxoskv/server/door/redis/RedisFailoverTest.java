package dev.paxoskv.server.door.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The leader goes, while clients count at all servers; and then the majority goes. */
@Timeout(120)
class RedisFailoverTest {
  private static final int DEPTH = 16;

  private final AtomicLong acknowledged = new AtomicLong();
  private final AtomicLong unknown = new AtomicLong();
  private volatile boolean isOver;

  @Test
  void noCountIsLostOrDoneTwice() throws Exception {
    try (RedisServers servers = new RedisServers(3)) {
      await().atMost(60, TimeUnit.SECONDS).until(() -> servers.leader() >= 0);
      List<Thread> clients = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        int port = servers.port(i % 3);
        Thread client = new Thread(() -> count(port));
        client.start();
        clients.add(client);
      }
      await().atMost(60, TimeUnit.SECONDS).until(() -> acknowledged.get() > 2000);
      int leader = servers.leader();
      servers.stop(leader);
      long before = acknowledged.get();
      await().atMost(60, TimeUnit.SECONDS).until(() -> acknowledged.get() > before + 2000);
      isOver = true;
      for (Thread client : clients) {
        client.join();
      }
      int survivor = (leader + 1) % 3;
      try (RespClient client = new RespClient(servers.port(survivor))) {
        long counted = Long.parseLong(client.ask("GET", "count").replace("\"", ""));
        assertThat(counted)
            .as("%d acknowledged, %d unknown", acknowledged.get(), unknown.get())
            .isBetween(acknowledged.get(), acknowledged.get() + unknown.get());
      }
      servers.stop(survivor);
      withoutMajorityErrorsSayWhatHappened(servers.port((leader + 2) % 3));
    }
  }

  private static void withoutMajorityErrorsSayWhatHappened(int port) throws IOException {
    try (RespClient client = new RespClient(port)) {
      assertThat(client.ask("GET", "count")).startsWith("-CLUSTERDOWN not applied: ");
      assertThat(client.ask("SET", "k", "v"))
          .matches("-(UNKNOWN outcome unknown|CLUSTERDOWN not applied): .*");
      assertThat(client.ask("PING")).isEqualTo("+PONG");
    }
  }

  /** Whoever counts knows of each count that it was done, or that nobody knows. */
  private void count(int port) {
    int asked = 0;
    try (RespClient client = new RespClient(port)) {
      while (!isOver) {
        for (asked = 0; asked < DEPTH; asked++) {
          client.send("INCR", "count");
        }
        for (; asked > 0; asked--) {
          take(client.reply());
        }
      }
    } catch (IOException e) {
      // The server is gone, and with it what became of these.
      unknown.addAndGet(asked);
    }
  }

  private void take(String reply) {
    if (reply.startsWith(":")) {
      acknowledged.incrementAndGet();
    } else if (reply.startsWith("-UNKNOWN outcome unknown: ")) {
      unknown.incrementAndGet();
    } else {
      assertThat(reply).startsWith("-").contains(" not applied: ");
    }
  }
}
