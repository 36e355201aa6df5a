package dev.paxoskv.server;

import dev.paxoskv.paxos.host.Observer;
import dev.paxoskv.paxos.host.Transport;
import dev.paxoskv.paxos.net.Address;
import dev.paxoskv.paxos.protocol.Quorum;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;

/**
 * What a server is started with.
 *
 * @param peers the addresses of all servers, in the same order at each
 * @param me own index in it
 * @param listen where to listen
 * @param dial where to dial a server instead of at its entry in {@code peers}, by index
 * @param network wraps the transport between servers, for faults in tests
 * @param observer counts and traces what the Paxos peer does
 * @param dataDir where the server keeps its state; empty to keep it in memory
 * @param doors where else it listens
 */
public record KvServerConfig(
    List<Address> peers,
    int me,
    Address listen,
    Map<Integer, Address> dial,
    UnaryOperator<Transport> network,
    Observer observer,
    Optional<Path> dataDir,
    Doors doors) {

  /**
   * The ports of the doors beside that for servers and clients, at the same host. Each may be 0,
   * for one that the system chooses, and empty, for no such door.
   *
   * @param admin for operators and their tools
   * @param redis for clients that speak Redis's protocol
   */
  public record Doors(OptionalInt admin, OptionalInt redis) {
    public static final Doors NONE = new Doors(OptionalInt.empty(), OptionalInt.empty());

    /** The same doors, and one for operators. */
    public Doors withAdmin(int port) {
      return new Doors(OptionalInt.of(port), redis);
    }

    /** The same doors, and one for clients that speak Redis's protocol. */
    public Doors withRedis(int port) {
      return new Doors(admin, OptionalInt.of(port));
    }
  }

  /**
   * Checks that there is such a server.
   *
   * @throws IllegalArgumentException if {@code me} is not an index of {@code peers}, or these are
   *     not 1 to 63
   */
  public KvServerConfig {
    peers = List.copyOf(peers);
    check(peers, me);
  }

  private static void check(List<Address> peers, int me) {
    if (peers.isEmpty() || peers.size() > Quorum.PEERS_MAX) {
      throw new IllegalArgumentException("a cluster has 1 to " + Quorum.PEERS_MAX + " servers, but "
          + peers.size() + " are listed");
    }
    if (me < 0 || me >= peers.size()) {
      throw new IllegalArgumentException("own index " + me
          + " is not in the list of servers, which has 0 to " + (peers.size() - 1));
    }
  }

  /**
   * A server in memory that listens at its own entry in the list.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static KvServerConfig of(List<Address> peers, int me) {
    check(peers, me);
    return new KvServerConfig(
        peers,
        me,
        peers.get(me),
        Map.of(),
        UnaryOperator.identity(),
        Observer.NONE,
        Optional.empty(),
        Doors.NONE);
  }

  /** The same server, listening elsewhere. */
  public KvServerConfig withListen(Address address) {
    return new KvServerConfig(peers, me, address, dial, network, observer, dataDir, doors);
  }

  /** The same server, dialling the given servers elsewhere. */
  public KvServerConfig withDial(Map<Integer, Address> addresses) {
    return new KvServerConfig(peers, me, listen, addresses, network, observer, dataDir, doors);
  }

  /** The same server, its transport wrapped, and with ears for what its Paxos peer does. */
  public KvServerConfig withNetwork(UnaryOperator<Transport> wrapper, Observer ears) {
    return new KvServerConfig(peers, me, listen, dial, wrapper, ears, dataDir, doors);
  }

  /** The same server, but one that keeps its state in {@code directory}. */
  public KvServerConfig withDataDir(Path directory) {
    Optional<Path> kept = Optional.of(directory);
    return new KvServerConfig(peers, me, listen, dial, network, observer, kept, doors);
  }

  /** The same server, but with these doors. */
  public KvServerConfig withDoors(Doors others) {
    return new KvServerConfig(peers, me, listen, dial, network, observer, dataDir, others);
  }
}
