package dev.paxoskv.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paxoskv.client.ClientConfig;
import dev.paxoskv.client.KvClient;
import dev.paxoskv.paxos.net.Address;
import dev.paxoskv.proto.kv.ServerStatus;
import dev.paxoskv.sim.tcp.ReservedPorts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server that was away for too long catches up by a snapshot, over links that are cut again and
 * again, while clients write.
 */
class TransferOverTcpTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long SNAPSHOT_EVERY_BYTES = 2L << 20;
  private static final int KEYS = 128;
  private static final int VALUE_BYTES = 64 << 10;
  private static final int CUTS_MIN = 10;

  /** Until it is there: so it gets there only if it goes on each time where it was cut off. */
  private static final int CUTS_MAX = 1000;

  private static final long BYTES_PER_LIFE = 640 << 10;
  private static final int AWAY = 2;

  @TempDir
  private Path directory;

  private final ReservedPorts ports = new ReservedPorts(3);
  private final AtomicInteger cutsLeft = new AtomicInteger();
  private final List<Optional<KvServer>> servers =
      new ArrayList<>(List.of(Optional.empty(), Optional.empty(), Optional.empty()));
  private List<CuttingProxy> proxies = List.of();

  @AfterEach
  void stopAll() {
    for (int me = 0; me < 3; me++) {
      stop(me);
    }
    proxies.forEach(CuttingProxy::close);
    ports.close();
  }

  private void stop(int me) {
    servers.set(me, Optional.empty()).ifPresent(KvServer::close);
  }

  /** The one that goes away dials the others through proxies. */
  private void start(int me) {
    Map<Integer, Address> dial = me == AWAY
        ? Map.of(
            0, new Address("127.0.0.1", proxies.get(0).port()),
            1, new Address("127.0.0.1", proxies.get(1).port()))
        : Map.of();
    KvServerConfig config = KvServerConfig.of(ports.addresses(), me)
        .withDial(dial)
        .withDataDir(directory.resolve("" + me));
    servers.set(me, Optional.of(KvServer.open(config, SNAPSHOT_EVERY_BYTES)));
  }

  private ServerStatus status(int me) {
    return servers.get(me).orElseThrow().status();
  }

  @Test
  void catchesUpByASnapshotOverALinkThatIsCutTenTimes() throws InterruptedException {
    proxies = List.of(
        new CuttingProxy(ports.addresses().get(0).port(), BYTES_PER_LIFE, cutsLeft),
        new CuttingProxy(ports.addresses().get(1).port(), BYTES_PER_LIFE, cutsLeft));
    for (int me = 0; me < 3; me++) {
      start(me);
    }
    for (int me = 0; me < 3; me++) {
      int server = me;
      await().atMost(PATIENCE).until(() -> status(server).getNotServing().isEmpty());
    }
    try (KvClient client = client()) {
      client.put(key(0), new byte[10]);
      await().atMost(PATIENCE).until(() -> status(AWAY).getApplied() >= 0);
      stop(AWAY);
      for (int i = 0; i < 2 * KEYS; i++) {
        client.put(key(i % KEYS), new byte[VALUE_BYTES]);
      }
      long behind = status(0).getApplied();
      cutsLeft.set(CUTS_MAX);
      AtomicBoolean isOver = new AtomicBoolean();
      Thread load = new Thread(() -> writeUntil(isOver));
      load.start();
      try {
        start(AWAY);
        await().atMost(PATIENCE).until(() -> status(AWAY).getApplied() >= behind);
        assertThat(CUTS_MAX - cutsLeft.getAndSet(0)).as("cuts").isGreaterThanOrEqualTo(CUTS_MIN);
        await()
            .atMost(PATIENCE)
            .until(() -> status(AWAY).getApplied() >= status(0).getApplied() - 20);
      } finally {
        isOver.set(true);
        load.join();
      }
    }
    await()
        .atMost(PATIENCE)
        .until(() -> status(AWAY).getApplied() == status(0).getApplied()
            && status(1).getApplied() == status(0).getApplied());
    assertThat(status(AWAY).getStateHash()).isEqualTo(status(0).getStateHash());
    assertThat(status(1).getStateHash()).isEqualTo(status(0).getStateHash());
  }

  /** Small values, so that the snapshot is not overtaken. */
  private void writeUntil(AtomicBoolean isOver) {
    try (KvClient client = client()) {
      for (int i = 0; !isOver.get(); i++) {
        client.put(("small" + i % 100).getBytes(UTF_8), new byte[100]);
      }
    }
  }

  private KvClient client() {
    List<String> others =
        ports.addresses().subList(0, 2).stream().map(Address::toString).toList();
    return KvClient.open(new ClientConfig(others, PATIENCE));
  }

  private static byte[] key(int i) {
    return ("k" + i).getBytes(UTF_8);
  }
}
