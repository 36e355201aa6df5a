package dev.paxoskv.sim;

import dev.paxoskv.paxos.host.Host;
import dev.paxoskv.paxos.host.MemoryJournal;
import dev.paxoskv.paxos.host.Observer;
import dev.paxoskv.paxos.protocol.Status;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.paxos.protocol.roles.Replica;
import dev.paxoskv.paxos.protocol.roles.ReplicaConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * A group of peers, each with the host and the roles of production, on one simulated network, under
 * the eyes of one checker.
 *
 * <pre>{@code
 * SimCluster cluster = new SimCluster(3, new Dice(42), 0);
 * cluster.network().isolate(2);
 * cluster.start(0, 7, Value.of("x"));
 * cluster.run(1_000_000);
 * cluster.status(1, 7); // decided: x
 * cluster.status(2, 7); // pending
 * }</pre>
 */
public final class SimCluster {
  private final Simulator simulator = new Simulator();
  private final SimNetwork network;
  private final AgreementChecker checker;
  private final List<SimNode> nodes = new ArrayList<>();

  /**
   * A group that has just begun, at time 0.
   *
   * @param peers how many
   * @param dice all chance comes from these
   * @param catchUpTicks how often each asks another for missed decisions; 0 for never
   */
  public SimCluster(int peers, Dice dice, int catchUpTicks) {
    this.network = new SimNetwork(simulator, peers, dice);
    this.checker = new AgreementChecker("seed " + dice.seed());
    for (int me = 0; me < peers; me++) {
      ReplicaConfig config = new ReplicaConfig(me, peers, 1, catchUpTicks);
      RandomGenerator retries = dice.fork("retry", me);
      int index = me;
      long firstTick = dice.fork("tick", me).nextLong(SimNode.TICK_MICROS);
      nodes.add(new SimNode(simulator, firstTick, node -> {
        network.connect(node);
        return new Host(
            new Replica(config, retries),
            network.of(index),
            new MemoryJournal(),
            Optional.empty(),
            watch(index));
      }));
    }
  }

  public Simulator simulator() {
    return simulator;
  }

  public SimNetwork network() {
    return network;
  }

  public AgreementChecker checker() {
    return checker;
  }

  public int peers() {
    return nodes.size();
  }

  /** The host of {@code peer}; whoever gives it an input lets time pass for the effects. */
  public Host host(int peer) {
    return nodes.get(peer).host();
  }

  /** The seed's Start at {@code peer}. */
  public void start(int peer, long seq, Value value) {
    checker.proposed(seq, value);
    host(peer).start(seq, value);
    nodes.get(peer).flushSoon();
  }

  /** The seed's Status at {@code peer}. */
  public Status status(int peer, long seq) {
    return host(peer).status(seq);
  }

  /** The seed's Done at {@code peer}. */
  public void done(int peer, long seq) {
    host(peer).done(seq);
    nodes.get(peer).flushSoon();
  }

  /** Lets time pass. */
  public void run(long micros) {
    simulator.run(micros);
  }

  private Observer watch(int peer) {
    return new Observer() {
      @Override
      public void decided(long seq, Value value) {
        simulator.trace(peer + " decided " + seq + " = " + value);
        checker.decided(peer, seq, value);
      }
    };
  }
}
