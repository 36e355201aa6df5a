package dev.paxoskv.sim.seed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.paxos.NodeConfig;
import dev.paxoskv.paxos.Paxos;
import dev.paxoskv.paxos.net.Address;
import dev.paxoskv.paxos.protocol.Status;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.sim.tcp.FaultPlan;
import dev.paxoskv.sim.tcp.FaultyTransport;
import dev.paxoskv.sim.tcp.ReservedPorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Peers of one group in this JVM, talking over TCP on loopback through a {@link FaultPlan}. Some of
 * the group may be absent, and join later.
 */
final class PaxosGroup implements AutoCloseable {
  /** Whether the peers choose a leader: -Dpaxoskv.leader=true. */
  static final boolean LEADS = Boolean.getBoolean("paxoskv.leader");

  /** Whether the peers keep data directories: -Dpaxoskv.durable=true. */
  static final boolean IS_DURABLE = Boolean.getBoolean("paxoskv.durable");

  private final FaultPlan faults;
  private final ReservedPorts ports;
  private final List<String> addresses;
  private final TreeMap<Integer, Paxos> peers = new TreeMap<>();
  private final TreeMap<Integer, FaultyTransport> transports = new TreeMap<>();
  private final Optional<Path> directory;

  private PaxosGroup(int size, FaultPlan.Loss loss) {
    faults = new FaultPlan(loss);
    ports = new ReservedPorts(size);
    addresses = ports.addresses().stream().map(Address::toString).toList();
    directory = IS_DURABLE ? Optional.of(newDirectory()) : Optional.empty();
  }

  /** A group of {@code size}, all of them running. */
  static PaxosGroup of(int size) {
    return of(size, FaultPlan.Loss.FAIL_FAST);
  }

  static PaxosGroup of(int size, FaultPlan.Loss loss) {
    PaxosGroup group = new PaxosGroup(size, loss);
    IntStream.range(0, size).forEach(group::join);
    return group;
  }

  /** A group of {@code size} of which only {@code present} run. */
  static PaxosGroup some(int size, int... present) {
    PaxosGroup group = new PaxosGroup(size, FaultPlan.Loss.FAIL_FAST);
    IntStream.of(present).forEach(group::join);
    return group;
  }

  /** Starts a peer, for the first time or again. */
  void join(int peer) {
    FaultyTransport transport = new FaultyTransport(peer, faults);
    List<Address> list = Paxos.addresses(addresses, peer);
    NodeConfig plain = NodeConfig.library(list, peer);
    Paxos paxos = Paxos.open(new NodeConfig(
        list,
        peer,
        plain.listen(),
        plain.dial(),
        plain.catchUpTicks(),
        plain.machine(),
        plain.clients(),
        transport::around,
        transport,
        LEADS,
        directory.map(parent -> parent.resolve("" + peer))));
    peers.put(peer, paxos);
    transports.put(peer, transport);
  }

  List<String> addresses() {
    return addresses;
  }

  FaultPlan faults() {
    return faults;
  }

  Paxos peer(int index) {
    return peers.get(index);
  }

  Iterable<Paxos> peers() {
    return peers.values();
  }

  /** Proposes the text of {@code value} at {@code peer}. */
  void start(int peer, long seq, Object value) {
    peer(peer).start(seq, bytes(value));
  }

  static byte[] bytes(Object value) {
    return value.toString().getBytes(UTF_8);
  }

  /** Requests between peers that have arrived since the group was made. */
  long requests() {
    return transports.values().stream().mapToLong(FaultyTransport::requests).sum();
  }

  /** How many of the present peers know {@code seq} as decided; fails if two of them differ. */
  int decided(long seq) {
    int count = 0;
    Optional<Value> agreed = Optional.empty();
    for (Paxos peer : peers.values()) {
      Status status = peer.status(seq);
      if (status.isDecided()) {
        count++;
        assertThat(agreed.or(status::value))
            .as("instance %s decided with two values; %s", seq, this)
            .isEqualTo(status.value());
        agreed = status.value();
      }
    }
    return count;
  }

  /** The value that the present peers agree on, if one has learnt it. */
  Optional<String> decision(long seq) {
    decided(seq);
    return peers.values().stream()
        .flatMap(peer -> peer.status(seq).value().stream())
        .map(value -> new String(value.bytes(), UTF_8))
        .findFirst();
  }

  void awaitDecided(long seq, int wanted) {
    String what = wanted + " to know instance " + seq + "; " + this;
    Waits.patiently(what, () -> decided(seq) >= wanted);
  }

  void awaitDecidedByAll(long seq) {
    awaitDecided(seq, addresses.size());
  }

  void awaitMajority(long seq) {
    awaitDecided(seq, addresses.size() / 2 + 1);
  }

  /** Neither more nor fewer than {@code count} know {@code seq} all through {@code time}. */
  void staysDecidedBy(int count, long seq, Duration time) {
    Waits.holds(
        time,
        () -> assertThat(decided(seq)).as("know instance %s; %s", seq, this).isEqualTo(count));
  }

  @Override
  public String toString() {
    return "peers " + peers.keySet() + " of " + addresses.size() + ", " + faults;
  }

  @Override
  public void close() {
    peers.values().forEach(Paxos::close);
    ports.close();
    directory.ifPresent(PaxosGroup::delete);
  }

  private static Path newDirectory() {
    try {
      return Files.createTempDirectory("paxos-group");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      files
          .sorted(Comparator.reverseOrder())
          .forEach(
              file -> assertThat(file.toFile().delete()).as("deleted %s", file).isTrue());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
