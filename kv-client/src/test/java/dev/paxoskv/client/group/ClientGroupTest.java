package dev.paxoskv.client.group;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paxoskv.client.ClientConfig;
import dev.paxoskv.client.FakeServer;
import dev.paxoskv.client.KvClient;
import dev.paxoskv.client.NotAppliedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ClientGroupTest {
  private static final byte[] KEY = "key".getBytes(UTF_8);
  private static final byte[] VALUE = "value".getBytes(UTF_8);

  private static ClientConfig to(FakeServer server) {
    return ClientConfig.of(List.of(server.address()));
  }

  @Test
  void manyClientsShareItsThreads() {
    try (FakeServer server = FakeServer.answering(FakeServer::applied);
        ClientGroup group = new ClientGroup(2)) {
      Set<Thread> threads = ConcurrentHashMap.newKeySet();
      List<CompletableFuture<Void>> puts = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        KvClient client = group.open(to(server));
        puts.add(client
            .putAsync(KEY, VALUE)
            .whenComplete((done, failure) -> threads.add(Thread.currentThread())));
      }
      puts.forEach(CompletableFuture::join);
      threads.remove(Thread.currentThread());
      assertThat(threads).hasSizeBetween(1, 2);
      assertThat(server.preambles()).hasSize(50);
      assertThat(group.size()).isEqualTo(50);
    }
  }

  @Test
  void aClientThatIsClosedLeavesTheOthersAlone() {
    try (FakeServer server = FakeServer.answering(FakeServer::applied);
        ClientGroup group = new ClientGroup(1)) {
      KvClient stays = group.open(to(server));
      KvClient leaves = group.open(to(server));
      leaves.put(KEY, VALUE);
      leaves.close();
      leaves.close();
      assertThat(group.size()).isEqualTo(1);
      assertThatThrownBy(() -> leaves.put(KEY, VALUE)).isInstanceOf(NotAppliedException.class);
      stays.put(KEY, VALUE);
    }
  }

  /** Whoever waits is told, as if each client had been closed by itself. */
  @Test
  void closingTheGroupClosesItsClients() {
    try (FakeServer silent = FakeServer.silent()) {
      ClientGroup group = new ClientGroup(1);
      KvClient client = group.open(to(silent));
      CompletableFuture<Void> waiting = client.putAsync(KEY, VALUE);
      group.close();
      assertThat(waiting).isCompletedExceptionally();
      assertThat(group.size()).isZero();
      assertThatThrownBy(() -> client.put(KEY, VALUE)).isInstanceOf(NotAppliedException.class);
      client.close();
      group.close();
      assertThatIllegalStateException()
          .isThrownBy(() -> group.open(to(silent)))
          .withMessage("this group of clients is closed");
    }
  }

  @Test
  void canBeClosedOnItsOwnThread() {
    try (FakeServer server = FakeServer.answering(FakeServer::applied)) {
      ClientGroup group = new ClientGroup(2);
      KvClient one = group.open(to(server));
      KvClient other = group.open(to(server));
      other.put(KEY, VALUE);
      one.putAsync(KEY, VALUE).thenRun(group::close).join();
      assertThatThrownBy(() -> other.put(KEY, VALUE)).isInstanceOf(NotAppliedException.class);
    }
  }

  @Test
  void aNumberOfThreadsThatCannotBeIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ClientGroup(0))
        .withMessage("0 threads are not between 1 and 256");
  }
}
