package dev.paxoskv.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.paxoskv.client.ClientConfig;
import dev.paxoskv.client.KvClient;
import dev.paxoskv.paxos.journal.file.FileDisk;
import dev.paxoskv.paxos.net.Address;
import dev.paxoskv.proto.snapshot.SavedValue;
import dev.paxoskv.proto.snapshot.SnapshotPart;
import dev.paxoskv.server.compare.StateComparison;
import dev.paxoskv.server.machine.KvStateMachine;
import dev.paxoskv.server.machine.StateWalk;
import dev.paxoskv.server.snapshot.SnapshotStore;
import dev.paxoskv.sim.tcp.ReservedPorts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real server whose state has become another one stops itself; its disk cannot know. */
class PartedServerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final long SNAPSHOT_EVERY_BYTES = 64 << 10;
  private static final int WRONG = 2;

  @TempDir
  private Path directory;

  private final ReservedPorts ports = new ReservedPorts(3);
  private final List<KvServer> servers = new ArrayList<>();

  @AfterEach
  void stopAll() {
    servers.forEach(KvServer::close);
    ports.close();
  }

  private KvServer start(int me) {
    KvServerConfig config =
        KvServerConfig.of(ports.addresses(), me).withDataDir(directory.resolve("" + me));
    KvServer server = KvServer.open(config, SNAPSHOT_EVERY_BYTES);
    servers.add(server);
    return server;
  }

  @Test
  void stopsAndNamesTheFirstInstanceWhileTheOthersGoOn() throws IOException {
    List<KvServer> right = List.of(start(0), start(1));
    KvServer wrong = start(WRONG);
    List<String> two =
        ports.addresses().subList(0, 2).stream().map(Address::toString).toList();
    try (KvClient client = KvClient.open(new ClientConfig(two, PATIENCE))) {
      for (int i = 0; i < 100; i++) {
        client.put(("k" + i % 10).getBytes(UTF_8), new byte[2000]);
      }
      await()
          .atMost(PATIENCE)
          .until(() -> wrong.status().getApplied() == right.get(0).status().getApplied());
      wrong.close();
      long saved = spoil();
      KvServer again = start(WRONG);
      for (int i = 0; i < 2 * StateComparison.EVERY; i++) {
        client.put("k".getBytes(UTF_8), ("" + i).getBytes(UTF_8));
      }
      assertThat(again.stopped())
          .failsWithin(PATIENCE)
          .withThrowableThat()
          .withMessageContaining("the states of server 2 and server ")
          .withMessageContaining("differ, first at or before instance " + (saved + 1) + " ")
          .withMessageContaining("a majority agrees with the other: [0, 1]");
      client.put("k".getBytes(UTF_8), "last".getBytes(UTF_8));
      assertThat(client.get("k".getBytes(UTF_8))).contains("last".getBytes(UTF_8));
      assertThat(right).allMatch(server -> !server.stopped().isDone());
    }
  }

  /** One key more in the newest snapshot, with all its checksums; returns up to where it goes. */
  private long spoil() throws IOException {
    try (FileDisk disk = FileDisk.open(directory.resolve("" + WRONG))) {
      SnapshotStore store = new SnapshotStore(disk);
      KvStateMachine machine =
          store.load(() -> new KvStateMachine((session, number, result) -> {})).machine();
      assertThat(machine.applied()).isPositive();
      SavedValue more =
          SavedValue.newBuilder().setKey(ByteString.copyFromUtf8("spoilt")).build();
      machine.restore(SnapshotPart.newBuilder().addValues(more).build());
      StateWalk walk = machine.walk(1 << 20);
      assertThat(store.begin(walk.head())).isTrue();
      while (!walk.isOver()) {
        assertThat(store.add(walk.next().toPart())).isTrue();
      }
      assertThat(store.end()).isTrue();
      return machine.applied();
    }
  }
}
