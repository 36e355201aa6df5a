package dev.paxoskv.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.paxoskv.client.ClientConfig;
import dev.paxoskv.client.KvClient;
import dev.paxoskv.paxos.net.Address;
import dev.paxoskv.sim.tcp.ReservedPorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers with data directories: what was acknowledged outlives all of them. */
class DurableServerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir
  private Path directory;

  private final ReservedPorts ports = new ReservedPorts(3);
  private final List<Optional<KvServer>> servers =
      new ArrayList<>(List.of(Optional.empty(), Optional.empty(), Optional.empty()));

  @AfterEach
  void stopAll() {
    for (int me = 0; me < 3; me++) {
      stop(me);
    }
    ports.close();
  }

  private KvServer start(int me) {
    KvServer server = KvServer.open(
        KvServerConfig.of(ports.addresses(), me).withDataDir(directory.resolve("" + me)));
    servers.set(me, Optional.of(server));
    return server;
  }

  private void startAll() {
    for (int me = 0; me < 3; me++) {
      start(me);
    }
    // Until all three are registered everywhere, one that stops may leave a single voter.
    servers.forEach(server -> awaitVotes(server.orElseThrow()));
  }

  private static void awaitVotes(KvServer server) {
    await().atMost(PATIENCE).until(() -> server.status().getNotServing().isEmpty());
  }

  private void stop(int me) {
    servers.set(me, Optional.empty()).ifPresent(KvServer::close);
  }

  private KvClient client() {
    return KvClient.open(
        new ClientConfig(ports.addresses().stream().map(Address::toString).toList(), PATIENCE));
  }

  private String get(String key) {
    try (KvClient client = client()) {
      return new String(client.get(key.getBytes(UTF_8)).orElseThrow(), UTF_8);
    }
  }

  private void append(String key, String value) {
    try (KvClient client = client()) {
      client.append(key.getBytes(UTF_8), value.getBytes(UTF_8));
    }
  }

  @Test
  void whatWasAcknowledgedOutlivesAllServers() {
    StringBuilder expected = new StringBuilder();
    for (int life = 0; life < 3; life++) {
      startAll();
      for (int i = 0; i < 5; i++) {
        append("k", life + "." + i + " ");
        expected.append(life).append('.').append(i).append(' ');
      }
      assertThat(get("k")).isEqualTo(expected.toString());
      for (int me = 0; me < 3; me++) {
        stop(me);
      }
    }
  }

  @Test
  void aServerThatComesBackCatchesUp() {
    startAll();
    append("k", "a");
    stop(2);
    append("k", "b");
    KvServer back = start(2);
    append("k", "c");
    long applied = servers.get(0).orElseThrow().status().getApplied();
    await().atMost(PATIENCE).until(() -> back.status().getApplied() >= applied);
    awaitVotes(back);
    stop(0);
    assertThat(get("k")).isEqualTo("abc");
  }

  @Test
  void twoServersOnOneDirectory() {
    startAll();
    assertThatThrownBy(() -> KvServer.open(
            KvServerConfig.of(ports.addresses(), 0).withDataDir(directory.resolve("0"))))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("in use by process " + ProcessHandle.current().pid());
    append("k", "still served");
  }

  @Test
  void aWipedServerStaysOut() throws IOException {
    startAll();
    append("k", "v");
    stop(1);
    wipe(directory.resolve("1"));
    KvServer wiped = start(1);
    assertThat(wiped.stopped())
        .failsWithin(PATIENCE)
        .withThrowableThat()
        .withMessageContaining("kv replace 1");
    assertThat(get("k")).isEqualTo("v");
  }

  @Test
  void anOlderCopyStaysOut() throws IOException {
    startAll();
    append("k", "v");
    stop(1);
    Path old = directory.resolve("old");
    copy(directory.resolve("1"), old);
    // A life of which nobody has heard has promised nothing, and may be forgotten.
    awaitVotes(start(1));
    append("k", "w");
    stop(1);
    wipe(directory.resolve("1"));
    copy(old, directory.resolve("1"));
    KvServer restored = start(1);
    assertThat(restored.stopped())
        .failsWithin(PATIENCE)
        .withThrowableThat()
        .withMessageContaining("kv replace 1");
    assertThat(get("k")).isEqualTo("vw");
  }

  private static void wipe(Path path) throws IOException {
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file)));
      }
    }
  }
}
