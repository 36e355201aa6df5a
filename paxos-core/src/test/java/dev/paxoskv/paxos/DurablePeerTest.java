package dev.paxoskv.paxos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paxoskv.paxos.net.Address;
import dev.paxoskv.paxos.protocol.Status;
import dev.paxoskv.paxos.protocol.Value;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A peer with a data directory, stopped and started again. */
class DurablePeerTest {
  @TempDir
  Path directory;

  private NodeConfig config() {
    NodeConfig library = NodeConfig.library(List.of(new Address("127.0.0.1", 0)), 0);
    return library.withDataDir(directory);
  }

  @Test
  void whatWasDecidedIsDecidedAfterARestart() throws Exception {
    try (Paxos first = Paxos.open(config())) {
      first.start(3, "three".getBytes(StandardCharsets.UTF_8));
      awaitDecided(first, 3);
      assertThatThrownBy(() -> Paxos.open(config()))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("in use by process");
    }
    try (Paxos second = Paxos.open(config())) {
      assertThat(second.max()).isEqualTo(3);
      second.start(3, "other".getBytes(StandardCharsets.UTF_8));
      awaitDecided(second, 3);
      assertThat(second.status(3)).isEqualTo(Status.decided(Value.of("three")));
    }
  }

  /** A wrong --data-dir looks like a lost disk; whoever is told to empty it must see which. */
  @Test
  void whatCannotBeUsedIsNamed() throws IOException {
    Files.createFile(directory.resolve("somebody's"));
    assertThatThrownBy(() -> Paxos.open(config()))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageStartingWith("the data directory " + directory + " cannot be used: peer 0 ")
        .hasMessageContaining("if it is the right directory");
  }

  /** Of a log and a state that do not fit, for one: whoever mends that may do so in one process. */
  @Test
  void aPeerThatCannotBeMadeLeavesTheDirectoryFree() {
    NodeConfig sound = config();
    NodeConfig unsound = new NodeConfig(
        sound.peers(),
        sound.me(),
        sound.listen(),
        sound.dial(),
        sound.catchUpTicks(),
        sound.machine(),
        sound.clients(),
        transport -> {
          throw new IllegalStateException("no transport");
        },
        sound.observer(),
        sound.leads(),
        sound.dataDir());
    assertThatThrownBy(() -> Paxos.open(unsound)).hasMessage("no transport");
    Paxos.open(sound).close();
  }

  /** Asks again and again: the library has no call that waits. */
  private static void awaitDecided(Paxos paxos, long seq) throws Exception {
    CompletableFuture<Void> decided = CompletableFuture.runAsync(() -> {
      long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
      while (!paxos.status(seq).isDecided() && System.nanoTime() < end) {
        Thread.onSpinWait();
      }
    });
    decided.get(40, TimeUnit.SECONDS);
    assertThat(paxos.status(seq).isDecided()).isTrue();
  }
}
