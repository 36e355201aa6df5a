package dev.paxoskv.paxos;

import dev.paxoskv.paxos.host.Observer;
import dev.paxoskv.paxos.host.StateMachine;
import dev.paxoskv.paxos.host.Transport;
import dev.paxoskv.paxos.journal.file.FileDisk;
import dev.paxoskv.paxos.net.Address;
import io.netty.channel.Channel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * What a {@link PaxosNode} is made of.
 *
 * @param peers the list of the group, the same at every peer
 * @param me own index in it
 * @param listen where to listen
 * @param dial where to dial a peer instead of at its entry in {@code peers}, by index
 * @param catchUpTicks how often to ask another peer for missed decisions; 0 for never
 * @param machine what applies decided values in order; empty for the bare library
 * @param clients takes connections of clients; empty if there are none to take
 * @param network wraps the transport, for faults in tests
 * @param observer counts and traces
 * @param leads whether the peer takes part in choosing a leader, and may be it
 * @param dataDir where the peer keeps what must survive a crash; empty for a peer in memory
 */
public record NodeConfig(
    List<Address> peers,
    int me,
    Address listen,
    Map<Integer, Address> dial,
    int catchUpTicks,
    Optional<MachineMaker> machine,
    Optional<Consumer<Channel>> clients,
    UnaryOperator<Transport> network,
    Observer observer,
    boolean leads,
    Optional<Path> dataDir) {

  /** Port to the application: makes its state machine, from what was kept of it. */
  public interface MachineMaker {
    /**
     * Called once, before the peer does anything.
     *
     * @param disk the peer's data directory, for this thread; empty for a peer in memory
     * @throws java.io.IOException if the disk fails
     */
    StateMachine make(Optional<FileDisk> disk) throws IOException;
  }

  /** A peer of the bare library at its own address in the list. */
  public static NodeConfig library(List<Address> peers, int me) {
    return new NodeConfig(
        peers,
        me,
        peers.get(me),
        Map.of(),
        0,
        Optional.empty(),
        Optional.empty(),
        UnaryOperator.identity(),
        Observer.NONE,
        false,
        Optional.empty());
  }

  /** The same peer, but one that keeps its state in {@code directory} and can be started again. */
  public NodeConfig withDataDir(Path directory) {
    return new NodeConfig(
        peers,
        me,
        listen,
        dial,
        catchUpTicks,
        machine,
        clients,
        network,
        observer,
        leads,
        Optional.of(directory));
  }
}
