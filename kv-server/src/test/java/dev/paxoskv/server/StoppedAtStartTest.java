package dev.paxoskv.server;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paxoskv.sim.tcp.ReservedPorts;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A server that stops for safety when it listens already, and has not opened its other doors. */
class StoppedAtStartTest {
  @Test
  void whatReallyHappenedIsSaid() {
    try (ReservedPorts ports = new ReservedPorts(1)) {
      KvServerConfig plain = KvServerConfig.of(ports.addresses(), 0);
      KvServerConfig config = plain.withDoors(plain.doors().withRedis(0).withAdmin(0));
      KvServer server = KvServer.listening(config, Storage.SNAPSHOT_EVERY_BYTES);
      server.node().diskFailed(new IOException("syncing log-1: input/output error"));
      assertThatThrownBy(() -> server.stopped().get(10, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class);
      assertThatThrownBy(() -> server.withDoors(config))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("stopped for safety: syncing log-1: input/output error");
    }
  }
}
