package dev.paxoskv.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.paxoskv.client.ClientConfig;
import dev.paxoskv.client.KvClient;
import dev.paxoskv.client.KvException;
import dev.paxoskv.client.backup.StoreBackup;
import dev.paxoskv.paxos.journal.file.FileDisk;
import dev.paxoskv.paxos.net.Address;
import dev.paxoskv.proto.snapshot.SavedValue;
import dev.paxoskv.proto.snapshot.SnapshotPart;
import dev.paxoskv.server.backup.BackupFile;
import dev.paxoskv.server.backup.Restore;
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
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real server whose state has become another one stops itself; its disk cannot know. */
class PartedServerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final long SNAPSHOT_EVERY_BYTES = 64 << 10;
  private static final int WRONG = 2;

  private static final StoreBackup.Progress QUIET = new StoreBackup.Progress() {
    @Override
    public void at(String server, long bytes, long bytesInAll) {}

    @Override
    public void failed(String why) {}
  };

  @TempDir
  private Path directory;

  private final ReservedPorts ports = new ReservedPorts(6);
  private final List<KvServer> servers = new ArrayList<>();

  @AfterEach
  void stopAll() {
    servers.forEach(KvServer::close);
    ports.close();
  }

  private List<Address> peers() {
    return ports.addresses().subList(0, 3);
  }

  private KvServer start(int me) {
    return start(peers(), me, "" + me);
  }

  private KvServer start(List<Address> peers, int me, String name) {
    KvServerConfig config = KvServerConfig.of(peers, me).withDataDir(directory.resolve(name));
    KvServer server = KvServer.open(config, SNAPSHOT_EVERY_BYTES);
    servers.add(server);
    return server;
  }

  @Test
  void stopsAndNamesTheFirstInstanceWhileTheOthersGoOn() throws IOException {
    List<KvServer> right = List.of(start(0), start(1));
    KvServer wrong = start(WRONG);
    try (KvClient client = KvClient.open(clients(0, 1))) {
      for (int i = 0; i < 100; i++) {
        client.put(("k" + i % 10).getBytes(UTF_8), new byte[2000]);
      }
      await()
          .atMost(PATIENCE)
          .until(() -> wrong.status().getApplied() == right.get(0).status().getApplied());
      wrong.close();
      long saved = spoil(WRONG);
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

  /** What docs/operations.md tells an operator to do when no server can decide it. */
  @Test
  void ofTwoThatDifferTheOperatorChoosesOneAndRestoresIt() throws IOException {
    KvServer right = start(0);
    KvServer wrong = start(1);
    KvServer lost = start(2);
    // The last write is refused, again and again, for as long as its client has patience.
    ClientConfig impatient = new ClientConfig(clients(0, 1).servers(), Duration.ofSeconds(8));
    try (KvClient client = KvClient.open(impatient)) {
      for (int i = 0; i < 100; i++) {
        client.put(("k" + i % 10).getBytes(UTF_8), ("" + i).repeat(1000).getBytes(UTF_8));
      }
      lost.close();
      await()
          .atMost(PATIENCE)
          .until(() -> wrong.status().getApplied() == right.status().getApplied());
      wrong.close();
      spoil(1);
      KvServer again = start(1);
      await().atMost(PATIENCE).until(() -> again.status().getNotServing().isEmpty());
      for (int i = 0; i < 2 * StateComparison.EVERY; i++) {
        client.put("k".getBytes(UTF_8), ("" + i).getBytes(UTF_8));
      }
    } catch (KvException e) {
      // That one came after they had found out; nothing that was acknowledged did.
    }
    for (KvServer server : List.of(right, servers.get(3))) {
      await()
          .atMost(PATIENCE)
          .until(() -> server
              .status()
              .getNotServing()
              .contains("see 'When states differ' in docs/operations.md"));
      assertThat(server.stopped()).isNotDone();
    }
    Path file = directory.resolve("chosen");
    assertThatThrownBy(() -> new StoreBackup(clients(0, 1), QUIET).to(file, false))
        .hasMessageContaining("the states of server 0 and server 1 differ");
    new StoreBackup(clients(0), QUIET).evenInDoubt().to(file, false);
    servers.forEach(KvServer::close);

    List<Address> peers = ports.addresses().subList(3, 6);
    Optional<String> id = Optional.empty();
    for (int me = 0; me < 3; me++) {
      try (BackupFile backup = BackupFile.open(file)) {
        Restore.Target target = new Restore.Target(peers, me, id);
        Restore restore = new Restore(backup, target, new SplittableRandom(me));
        id = Optional.of(restore.into(directory.resolve("new" + me)));
      }
    }
    for (int me = 0; me < 3; me++) {
      start(peers, me, "new" + me);
    }
    try (KvClient client = KvClient.open(clients(3, 4, 5))) {
      assertThat(client.get("k9".getBytes(UTF_8))).contains("99".repeat(1000).getBytes(UTF_8));
      assertThat(client.get("spoilt".getBytes(UTF_8))).isEmpty();
      client.put("k".getBytes(UTF_8), "last".getBytes(UTF_8));
    }
  }

  private ClientConfig clients(int... which) {
    List<String> addresses = IntStream.of(which)
        .mapToObj(each -> ports.addresses().get(each).toString())
        .toList();
    return new ClientConfig(addresses, PATIENCE);
  }

  /** One key more in the newest snapshot, with all its checksums; returns up to where it goes. */
  private long spoil(int server) throws IOException {
    try (FileDisk disk = FileDisk.open(directory.resolve("" + server))) {
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
