package dev.paxoskv.server;

import dev.paxoskv.paxos.host.Observer;
import dev.paxoskv.paxos.host.Transport;
import dev.paxoskv.paxos.net.Address;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
 */
public record KvServerConfig(
    List<Address> peers,
    int me,
    Address listen,
    Map<Integer, Address> dial,
    UnaryOperator<Transport> network,
    Observer observer,
    Optional<Path> dataDir) {

  /** A server in memory that listens at its own entry in the list. */
  public static KvServerConfig of(List<Address> peers, int me) {
    return new KvServerConfig(
        peers,
        me,
        peers.get(me),
        Map.of(),
        UnaryOperator.identity(),
        Observer.NONE,
        Optional.empty());
  }

  /** The same server, but one that keeps its state in {@code directory}. */
  public KvServerConfig withDataDir(Path directory) {
    return new KvServerConfig(peers, me, listen, dial, network, observer, Optional.of(directory));
  }
}
