package dev.paxoskv.sim;

import dev.paxoskv.paxos.host.Host;
import dev.paxoskv.paxos.host.MemoryJournal;
import dev.paxoskv.paxos.host.Observer;
import dev.paxoskv.paxos.host.Transport;
import dev.paxoskv.paxos.protocol.Status;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.paxos.protocol.roles.Replica;
import dev.paxoskv.paxos.protocol.roles.ReplicaConfig;
import dev.paxoskv.sim.check.Witness;
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

  /** Stands between a peer and the network: how a test makes a peer lie. */
  public interface Mouth {
    /** Says everything as it is. */
    Mouth HONEST = (peer, transport) -> transport;

    /** What {@code peer} speaks through instead of {@code transport}. */
    Transport of(int peer, Transport transport);
  }

  /**
   * What a group consists of.
   *
   * @param peers how many
   * @param dice all chance comes from these
   * @param catchUpTicks how often each asks another for missed decisions; 0 for never
   * @param witness is told of everything
   * @param mouth what each peer speaks through
   * @param leads whether they choose a leader
   */
  public record Setup(
      int peers, Dice dice, int catchUpTicks, Witness witness, Mouth mouth, boolean leads) {
    /** A group without a leader. */
    public Setup(int peers, Dice dice, int catchUpTicks, Witness witness, Mouth mouth) {
      this(peers, dice, catchUpTicks, witness, mouth, false);
    }
  }

  private final Simulator simulator = new Simulator();
  private final SimNetwork network;
  private final Witness witness;
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
    this(new Setup(peers, dice, catchUpTicks, Witness.NONE, Mouth.HONEST));
  }

  /** A group that has just begun, at time 0. */
  public SimCluster(Setup setup) {
    Dice dice = setup.dice();
    this.witness = setup.witness();
    this.network = new SimNetwork(simulator, setup.peers(), dice, witness);
    this.checker = new AgreementChecker("seed " + dice.seed());
    for (int me = 0; me < setup.peers(); me++) {
      int index = me;
      long firstTick = dice.fork("tick", me).nextLong(SimNode.TICK_MICROS);
      SimNode made = new SimNode(simulator, firstTick, node -> host(setup, index, node));
      made.afterFlush(host -> witness.settled(index, host));
      nodes.add(made);
    }
  }

  private Host host(Setup setup, int me, SimNode node) {
    network.connect(node, node::whenUp);
    ReplicaConfig config =
        new ReplicaConfig(me, setup.peers(), 1, setup.catchUpTicks(), setup.leads());
    RandomGenerator retries = setup.dice().ofTheMoment("retry", me, simulator::nowMicros);
    return new Host(
        new Replica(config, retries),
        setup.mouth().of(me, network.of(me)),
        new WatchedJournal(me, new MemoryJournal(), witness),
        Optional.empty(),
        watch(me));
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
    witness.started(peer, seq, value);
    host(peer).start(seq, value);
    nodes.get(peer).flushSoon();
  }

  /** The seed's Status at {@code peer}. */
  public Status status(int peer, long seq) {
    return host(peer).status(seq);
  }

  /** The seed's Done at {@code peer}. */
  public void done(int peer, long seq) {
    witness.done(peer, seq);
    host(peer).done(seq);
    nodes.get(peer).flushSoon();
  }

  /** Whether {@code peer} has not crashed and is not frozen. */
  public boolean isUp(int peer) {
    return nodes.get(peer).isUp();
  }

  /** {@code peer} stops for ever: it lives in memory, so there is nothing to come back with. */
  public void crash(int peer) {
    network.shutDown(peer);
    nodes.get(peer).crash();
  }

  /** {@code peer} stands still, and does not know; what is sent to it waits. */
  public void freeze(int peer) {
    nodes.get(peer).freeze();
  }

  /** {@code peer} goes on where it stood, and finds what has come in meanwhile. */
  public void resume(int peer) {
    nodes.get(peer).resume();
  }

  /** The clock of {@code peer} runs at {@code rate} from its next tick on; 1 is right. */
  public void clockRate(int peer, double rate) {
    nodes.get(peer).clockRate(rate);
  }

  /** The clock of {@code peer} jumps ahead by {@code ticks}, or stands still for as many. */
  public void clockJump(int peer, long ticks) {
    nodes.get(peer).clockJump(ticks);
  }

  /** Lets time pass. */
  public void run(long micros) {
    simulator.run(micros);
  }

  private Observer watch(int peer) {
    return new Observer() {
      @Override
      public void decided(long seq, Value value) {
        long hash = (peer * 31L + seq) * 31 + value.hashCode();
        simulator.trace(hash, () -> peer + " decided " + seq + " = " + value);
        checker.decided(peer, seq, value);
        witness.decided(peer, seq, value);
      }
    };
  }
}
