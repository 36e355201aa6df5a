package dev.paxoskv.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paxoskv.client.ClientConfig;
import dev.paxoskv.client.KvClient;
import dev.paxoskv.paxos.journal.Inspect;
import dev.paxoskv.paxos.journal.file.FileDisk;
import dev.paxoskv.paxos.net.Address;
import dev.paxoskv.sim.tcp.ReservedPorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A bit of one server's log flips while it is down. It must be noticed whatever it is part of, and
 * nothing acknowledged may be missing when that server then has to make up the majority. Every
 * single bit is tried at the level of the log, by RecoveryTest; here a sample of each kind of
 * record that a running server writes.
 */
class BitFlipTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int FLIPS_OF_A_KIND = Boolean.getBoolean("paxoskv.full") ? 20 : 1;
  private static final int FRAME_BYTES = 40;
  private static final int VICTIM = 1;

  /** Written only when a server proposes while nobody leads, as may happen while others restart. */
  private static final int PROMISE_SLOT = 3;

  /** Kinds of records by their number in the log, but one that says that another was lost. */
  private static final Map<Integer, String> KINDS = new TreeMap<>(Map.ofEntries(
      Map.entry(1, "SEGMENT_HEAD"),
      Map.entry(2, "PROMISE_RANGE"),
      Map.entry(4, "ACCEPT"),
      Map.entry(5, "DECIDED"),
      Map.entry(6, "DONE"),
      Map.entry(8, "FLOOR"),
      Map.entry(9, "SNAPSHOT_MARK"),
      Map.entry(10, "REGISTERED"),
      Map.entry(11, "SYNCED"),
      Map.entry(13, "OLDEST_SEGMENT"),
      Map.entry(PROMISE_SLOT, "PROMISE_SLOT")));

  /** Where a record is. */
  private record Place(Path file, long at, int length, int kind) {}

  /** What became of the flips in records of one kind. */
  private static final class Row {
    int flips;
    int detected;
    int repaired;
    int refused;
    int lost;
  }

  @TempDir
  private Path directory;

  private final long seed = System.nanoTime();
  private final SplittableRandom dice = new SplittableRandom(seed);
  private final ReservedPorts ports = new ReservedPorts(3);
  private final List<Optional<KvServer>> servers =
      new ArrayList<>(List.of(Optional.empty(), Optional.empty(), Optional.empty()));
  private final StringBuilder acknowledged = new StringBuilder();

  @AfterEach
  void stopAll() {
    for (int me = 0; me < 3; me++) {
      stop(me);
    }
    ports.close();
  }

  private void start(int me) {
    servers.set(
        me,
        Optional.of(KvServer.open(
            KvServerConfig.of(ports.addresses(), me).withDataDir(directory.resolve("" + me)))));
  }

  private void stop(int me) {
    servers.set(me, Optional.empty()).ifPresent(KvServer::close);
  }

  private KvClient client() {
    List<String> addresses = ports.addresses().stream().map(Address::toString).toList();
    return KvClient.open(new ClientConfig(addresses, PATIENCE));
  }

  @Test
  void aFlippedBitIsFoundAndCostsNothing() throws IOException {
    System.out.println("seed " + seed);
    for (int me = 0; me < 3; me++) {
      start(me);
    }
    haveVictimPromise();
    fill();
    stop(VICTIM);
    Map<Integer, Row> rows = new TreeMap<>();
    List<Integer> kinds = new ArrayList<>(KINDS.keySet());
    kinds.remove((Integer) PROMISE_SLOT);
    for (int kind : kinds) {
      flipSome(kind, rows);
    }
    if (!places(PROMISE_SLOT).isEmpty()) {
      flipSome(PROMISE_SLOT, rows);
    }
    System.out.println("record          flips  detected  repaired  refused  acknowledged lost");
    rows.forEach((kind, row) -> System.out.println(String.format(
        Locale.ROOT,
        "%-14s %6d %9d %9d %8d %18d",
        KINDS.get(kind),
        row.flips,
        row.detected,
        row.repaired,
        row.refused,
        row.lost)));
    assertThat(rows.values()).allSatisfy(row -> {
      assertThat(row.flips).isEqualTo(FLIPS_OF_A_KIND);
      assertThat(row.detected).isEqualTo(row.flips);
      assertThat(row.repaired + row.refused).isEqualTo(row.flips);
      assertThat(row.lost).as("seed " + seed).isZero();
    });
  }

  private void flipSome(int kind, Map<Integer, Row> rows) throws IOException {
    Row row = rows.computeIfAbsent(kind, k -> new Row());
    for (int i = 0; i < FLIPS_OF_A_KIND; i++) {
      flipOne(kind, row);
    }
  }

  /** Who leads has the promise of a majority; without the first leader the victim must be in it. */
  private void haveVictimPromise() {
    for (int me = 0; me < 3; me++) {
      awaitVotes(me);
    }
    KvServer victim = servers.get(VICTIM).orElseThrow();
    await().atMost(PATIENCE).until(() -> victim.status().getLeader() >= 0);
    int first = Math.toIntExact(victim.status().getLeader());
    if (first != VICTIM) {
      stop(first);
      await()
          .atMost(PATIENCE)
          .until(() -> victim.status().getLeader(), leader -> leader >= 0 && leader != first);
      start(first);
      awaitVotes(first);
    }
  }

  private void awaitVotes(int me) {
    KvServer server = servers.get(me).orElseThrow();
    await().atMost(PATIENCE).until(() -> server.status().getNotServing().isEmpty());
  }

  /** Enough for snapshots and a file of the log that is cut, so that the log also says so. */
  private void fill() {
    try (KvClient client = client()) {
      for (int i = 0; i < 140; i++) {
        client.put("bulk".getBytes(UTF_8), new byte[1 << 20]);
        append(client);
      }
    }
  }

  private void append(KvClient client) {
    String token = acknowledged.length() + ";";
    client.append("k".getBytes(UTF_8), token.getBytes(UTF_8));
    acknowledged.append(token);
  }

  /** With the victim stopped before and after. */
  private void flipOne(int kind, Row row) throws IOException {
    List<Place> places = places(kind);
    assertThat(places).as("records of kind " + KINDS.get(kind)).isNotEmpty();
    Place place = places.get(dice.nextInt(places.size()));
    long at = place.at() + dice.nextInt(place.length());
    int bit = 1 << dice.nextInt(8);
    List<String> before = describe();
    flip(place.file(), at, bit);
    row.flips++;
    List<String> found = describe();
    found.removeAll(before);
    boolean isRot = found.stream().anyMatch(line -> line.startsWith("rot:"));
    boolean isTail = found.stream().anyMatch(line -> line.startsWith("torn tail"));
    boolean isLost = found.stream().anyMatch(line -> line.contains("kv replace"));
    row.detected += isRot || isTail || isLost ? 1 : 0;
    boolean isStarted = startVictim();
    assertThat(isStarted).as("%s, found %s", place, found).isNotEqualTo(isLost);
    if (isStarted) {
      row.lost += isAllThereWithoutServerZero() ? 0 : 1;
      row.repaired++;
      stop(VICTIM);
    } else {
      row.refused++;
    }
    // The log may have been cut behind a snapshot meanwhile, and the damage be gone with the file.
    if (!isTail && Files.exists(place.file())) {
      // As it was, or the damage of all flips would add up.
      flip(place.file(), at, bit);
    }
  }

  private boolean startVictim() {
    try {
      start(VICTIM);
      return true;
    } catch (UncheckedIOException e) {
      assertThat(e).hasMessageContaining("kv replace");
      return false;
    }
  }

  /** The victim and one more are the majority: what it lost would be missing now. */
  private boolean isAllThereWithoutServerZero() {
    stop(0);
    boolean isAllThere;
    try (KvClient client = client()) {
      byte[] value = client.get("k".getBytes(UTF_8)).orElseThrow();
      isAllThere = new String(value, UTF_8).equals(acknowledged.toString());
      append(client);
    }
    start(0);
    try (KvClient client = client()) {
      append(client);
    }
    return isAllThere;
  }

  private List<String> describe() throws IOException {
    return new ArrayList<>(Inspect.describe(FileDisk.forReading(directory.resolve("" + VICTIM))));
  }

  /** All records of the victim's log that are of this kind. */
  private List<Place> places(int kind) throws IOException {
    List<Place> places = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory.resolve("" + VICTIM))) {
      for (Path file :
          files.filter(f -> f.getFileName().toString().startsWith("log-")).toList()) {
        addPlaces(file, kind, places);
      }
    }
    return places;
  }

  private static void addPlaces(Path file, int kind, List<Place> places) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
    int at = 0;
    while (at + FRAME_BYTES <= bytes.limit() && bytes.getInt(at) >= FRAME_BYTES) {
      if (bytes.get(at + 12) == kind) {
        places.add(new Place(file, at, bytes.getInt(at), kind));
      }
      at += bytes.getInt(at);
    }
  }

  private static void flip(Path file, long at, int bit) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      channel.read(one, at);
      one.put(0, (byte) (one.get(0) ^ bit)).rewind();
      channel.write(one, at);
    }
  }
}
