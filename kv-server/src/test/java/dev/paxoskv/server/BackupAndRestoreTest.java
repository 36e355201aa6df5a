package dev.paxoskv.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paxoskv.client.ClientConfig;
import dev.paxoskv.client.KvClient;
import dev.paxoskv.client.KvException;
import dev.paxoskv.client.backup.StoreBackup;
import dev.paxoskv.client.backup.StoreBackup.Fetched;
import dev.paxoskv.client.history.Recorder;
import dev.paxoskv.paxos.host.Observer;
import dev.paxoskv.paxos.net.Address;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.server.backup.BackupFile;
import dev.paxoskv.server.backup.Restore;
import dev.paxoskv.server.machine.KvStateMachine;
import dev.paxoskv.sim.lin.Call;
import dev.paxoskv.sim.lin.History;
import dev.paxoskv.sim.lin.LinearizabilityChecker;
import dev.paxoskv.sim.tcp.ReservedPorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backup of one cluster under load becomes another cluster. */
class BackupAndRestoreTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int WRITERS = 3;

  @TempDir
  private Path directory;

  private final ReservedPorts ports = new ReservedPorts(6);
  private final List<KvServer> servers = new ArrayList<>();

  @AfterEach
  void stopAll() {
    servers.forEach(KvServer::close);
    ports.close();
  }

  private List<Address> oldPeers() {
    return ports.addresses().subList(0, 3);
  }

  private List<Address> newPeers() {
    return ports.addresses().subList(3, 6);
  }

  private KvServer start(List<Address> peers, int me, Path data, Observer ears) {
    KvServerConfig config =
        KvServerConfig.of(peers, me).withDataDir(data).withNetwork(UnaryOperator.identity(), ears);
    // Snapshots are taken, and deleted, all the time.
    KvServer server = KvServer.open(config, 20_000);
    servers.add(server);
    return server;
  }

  private List<KvServer> startAll(List<Address> peers, String name, Observer ears) {
    List<KvServer> group = new ArrayList<>();
    for (int me = 0; me < 3; me++) {
      Observer own = me == 0 ? ears : Observer.NONE;
      group.add(start(peers, me, directory.resolve(name + me), own));
    }
    group.forEach(server ->
        await().atMost(PATIENCE).until(() -> server.status().getNotServing().isEmpty()));
    return group;
  }

  private static ClientConfig clients(List<Address> peers) {
    return new ClientConfig(peers.stream().map(Address::toString).toList(), PATIENCE);
  }

  /** Writers that append to a key of their own, put to a common one, and read. */
  private final class Load implements AutoCloseable {
    final Path file;
    final List<AtomicInteger> acknowledged = new ArrayList<>();
    private final AtomicBoolean isOver = new AtomicBoolean();
    private final List<Thread> threads = new ArrayList<>();
    private final Recorder recorder;

    Load(String name, List<Address> peers) throws IOException {
      file = directory.resolve(name + "-history");
      recorder = Recorder.to(file);
      for (int i = 0; i < WRITERS; i++) {
        int writer = i;
        acknowledged.add(new AtomicInteger());
        Thread thread = new Thread(() -> write(writer, name, peers));
        threads.add(thread);
        thread.start();
      }
    }

    private void write(int writer, String name, List<Address> peers) {
      try (KvClient client = KvClient.open(clients(peers).recordedBy(recorder))) {
        for (int i = 1; !isOver.get(); i++) {
          byte[] common = ("common" + i % 3).getBytes(UTF_8);
          client.append(key(writer), (name + i + ";").getBytes(UTF_8));
          acknowledged.get(writer).set(i);
          client.put(common, (name + writer + "." + i).getBytes(UTF_8));
          client.get(("common" + (i + 1) % 3).getBytes(UTF_8));
          client.get(key((writer + 1) % WRITERS));
        }
      } catch (KvException e) {
        // What was asked last is unknown; so the history says.
        isOver.set(true);
      }
    }

    void await(int each) {
      org.awaitility.Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> acknowledged.stream().allMatch(count -> count.get() >= each));
    }

    @Override
    public void close() {
      isOver.set(true);
      try {
        for (Thread thread : threads) {
          thread.join();
        }
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      recorder.close();
    }
  }

  private static byte[] key(int writer) {
    return ("own" + writer).getBytes(UTF_8);
  }

  private static Fetched fetch(List<String> from, Path file) {
    return new StoreBackup(new ClientConfig(from, PATIENCE), new Quiet()).to(file, false);
  }

  private static final class Quiet implements StoreBackup.Progress {
    @Override
    public void at(String server, long bytes, long bytesInAll) {}

    @Override
    public void failed(String why) {}
  }

  private void restore(Path file, List<Address> peers, List<Path> into) throws IOException {
    Optional<String> id = Optional.empty();
    for (int me = 0; me < into.size(); me++) {
      try (BackupFile backup = BackupFile.open(file)) {
        Restore.Target target = new Restore.Target(peers, me, id);
        id = Optional.of(new Restore(backup, target, new SplittableRandom(me)).into(into.get(me)));
      }
    }
  }

  @Test
  void everyWriteThatWasAcknowledgedBeforeIsInTheNewClusterAndTheHistoryIsOne() throws IOException {
    Map<Long, Value> log = new ConcurrentHashMap<>();
    Observer ears = new Observer() {
      @Override
      public void decided(long seq, Value value) {
        log.put(seq, value);
      }
    };
    startAll(oldPeers(), "old", ears);
    Path file = directory.resolve("backup");
    Load before = new Load("a", oldPeers());
    before.await(20);
    List<Integer> acknowledged =
        before.acknowledged.stream().map(AtomicInteger::get).toList();
    long began = System.nanoTime();
    Fetched fetched = fetch(List.of(oldPeers().get(2).toString()), file);
    List<Integer> soonAfter =
        before.acknowledged.stream().map(AtomicInteger::get).toList();
    before.await(soonAfter.get(0) + 5);
    before.close();
    assertThat(hashAt(fetched.applied(), log)).isEqualTo(fetched.hash());

    restore(
        file,
        newPeers(),
        List.of(directory.resolve("new0"), directory.resolve("new1"), directory.resolve("new2")));
    for (KvServer server : startAll(newPeers(), "new", Observer.NONE)) {
      assertThat(server.status().getApplied()).isEqualTo(fetched.applied());
      assertThat(server.status().getStateHash()).isEqualTo(fetched.hash());
    }
    Load after = new Load("b", newPeers());
    after.await(20);
    after.close();
    try (KvClient client = KvClient.open(clients(newPeers()))) {
      for (int writer = 0; writer < WRITERS; writer++) {
        StringBuilder expected = new StringBuilder();
        for (int i = 1; i <= acknowledged.get(writer); i++) {
          expected.append('a').append(i).append(';');
        }
        assertThat(new String(client.get(key(writer)).orElseThrow(), UTF_8))
            .startsWith(expected.toString());
      }
    }
    List<Call> calls = new ArrayList<>(upTo(began, calls(before.file)));
    calls.addAll(calls(after.file));
    assertThat(new LinearizabilityChecker().check(new History(calls)).isLegal()).isTrue();
  }

  private static long hashAt(long seq, Map<Long, Value> log) {
    KvStateMachine machine = new KvStateMachine((session, number, result) -> {});
    for (long each = 0; each <= seq; each++) {
      machine.apply(each, log.get(each));
    }
    return machine.hash();
  }

  private static List<Call> calls(Path file) throws IOException {
    return History.parse(Files.readString(file)).calls();
  }

  /** Of what had not returned when the backup began, the new cluster may know or may not. */
  private static List<Call> upTo(long began, List<Call> all) {
    List<Call> known = new ArrayList<>();
    for (Call call : all) {
      if (call.returned() < began) {
        known.add(call);
      } else if (!call.isRead()) {
        known.add(new Call(
            call.invoked(),
            Call.OPEN,
            call.client(),
            call.kind(),
            call.key(),
            call.expected(),
            call.value(),
            Call.Outcome.UNKNOWN));
      }
    }
    return known;
  }

  @Test
  void aRestoredServerAndOneOfTheOldClusterKeepApart() throws IOException {
    List<KvServer> old = startAll(oldPeers(), "old", Observer.NONE);
    Path file = directory.resolve("backup");
    try (KvClient client = KvClient.open(clients(oldPeers()))) {
      client.put(key(0), key(0));
      fetch(clients(oldPeers()).servers(), file);
      old.get(2).close();
      // The same list of servers, so that nothing but the id tells them apart.
      List<Path> restored =
          List.of(directory.resolve("r0"), directory.resolve("r1"), directory.resolve("r2"));
      restore(file, oldPeers(), restored);
      KvServer stranger = start(oldPeers(), 2, restored.get(2), Observer.NONE);
      await()
          .atMost(PATIENCE)
          .until(() -> stranger.status().getNotServing().contains("belongs to cluster"));
      client.put(key(0), key(1));
      assertThat(stranger.status().getApplied()).isLessThan(old.get(0).status().getApplied());
      assertThat(stranger.stopped()).isNotDone();
      stranger.close();
      // Nor does a server of the old cluster get into the new one.
      old.get(1).close();
      start(oldPeers(), 2, restored.get(2), Observer.NONE);
      start(oldPeers(), 1, restored.get(1), Observer.NONE);
      await()
          .atMost(PATIENCE)
          .until(() -> old.get(0).status().getNotServing().contains("belongs to cluster"));
      old.get(0).close();
      KvServer last = start(oldPeers(), 0, restored.get(0), Observer.NONE);
      await().atMost(PATIENCE).until(() -> last.status().getNotServing().isEmpty());
      assertThat(client.get(key(0))).contains(key(0));
    }
  }

  @Test
  void anotherServerIsAskedIfOneDoesNotGiveIt() throws IOException {
    List<KvServer> old = startAll(oldPeers(), "old", Observer.NONE);
    try (KvClient client = KvClient.open(clients(oldPeers()))) {
      client.put(key(0), new byte[1 << 20]);
    }
    AtomicInteger cuts = new AtomicInteger(1);
    try (CuttingProxy proxy = new CuttingProxy(oldPeers().get(1).port(), 600_000, cuts)) {
      old.get(0).close();
      Fetched fetched = fetch(
          List.of(
              oldPeers().get(0).toString(),
              "127.0.0.1:" + proxy.port(),
              oldPeers().get(2).toString()),
          directory.resolve("backup"));
      assertThat(cuts).hasValue(0);
      assertThat(fetched.server()).isEqualTo(oldPeers().get(2).toString());
    }
    try (BackupFile backup = BackupFile.open(directory.resolve("backup"))) {
      assertThat(backup.head().applied()).isNotNegative();
    }
  }
}
