package dev.paxoskv.sim;

import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.sim.check.Oracle;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A run drawn from one seed: peers start instances against each other while the network loses,
 * repeats, reorders and falls apart; then it heals.
 */
final class Storm {
  private static final long SECOND = 1_000_000;
  private static final long STORM_MICROS = 4 * SECOND;

  record Start(int peer, long seq) {}

  private final Oracle oracle;
  private final SimCluster cluster;
  private final RandomGenerator dice;
  private final List<Start> starts = new ArrayList<>();

  /** Every other seed is one with a leader. */
  Storm(long seed, int peers) {
    Dice all = new Dice(seed);
    this.dice = all.fork("storm", peers);
    this.oracle = new Oracle(peers, List.of());
    this.cluster = new SimCluster(
        new SimCluster.Setup(peers, all, 0, oracle, SimCluster.Mouth.HONEST, hasLeader(seed)));
    double loss = dice.nextDouble(0.3);
    long delayMax = 200 + dice.nextLong(30_000);
    cluster
        .network()
        .behave(new LinkFaults(100, delayMax, loss, dice.nextDouble(0.2), dice.nextDouble(0.3)));
    cluster.network().failFast(dice.nextBoolean());
    planStarts();
    planCuts();
    if (dice.nextBoolean()) {
      planDones();
    }
  }

  static boolean hasLeader(long seed) {
    return seed % 2 != 0;
  }

  /** Runs the storm, and then the calm after it. */
  SimCluster run() {
    cluster.run(STORM_MICROS);
    cluster.network().heal();
    cluster.network().behave(LinkFaults.NONE);
    cluster.run(30 * SECOND);
    return cluster;
  }

  List<Start> starts() {
    return starts;
  }

  private void planStarts() {
    int instances = 5 + dice.nextInt(30);
    int count = instances + dice.nextInt(2 * instances);
    boolean isRush = dice.nextInt(3) == 0;
    for (int i = 0; i < count; i++) {
      Start start = new Start(dice.nextInt(cluster.peers()), dice.nextInt(instances));
      Value value = Value.of(start.peer() + "/" + i);
      starts.add(start);
      long at = dice.nextLong(isRush ? 20_000 : STORM_MICROS);
      cluster.simulator().after(at, () -> cluster.start(start.peer(), start.seq(), value));
    }
  }

  private void planCuts() {
    int cuts = dice.nextInt(6);
    for (int i = 0; i < cuts; i++) {
      long at = dice.nextLong(STORM_MICROS);
      long sides = dice.nextLong();
      boolean isOneWay = dice.nextInt(3) == 0;
      cluster.simulator().after(at, () -> split(sides, isOneWay));
      cluster.simulator().after(at + dice.nextLong(2 * SECOND), cluster.network()::heal);
    }
  }

  private void split(long sides, boolean isOneWay) {
    for (int from = 0; from < cluster.peers(); from++) {
      for (int to = 0; to < cluster.peers(); to++) {
        long left = (sides >> from) & 1;
        long right = (sides >> to) & 1;
        if (isOneWay ? left > right : left != right) {
          cluster.network().cut(from, to);
        }
      }
    }
  }

  /** Now and then a peer's application loses interest, also in what is not decided yet. */
  private void planDones() {
    for (int i = 0; i < 10 * cluster.peers(); i++) {
      int peer = dice.nextInt(cluster.peers());
      cluster.simulator().after(dice.nextLong(STORM_MICROS), () -> {
        long max = cluster.host(peer).max();
        if (max >= 0) {
          cluster.done(peer, dice.nextLong(max + 1));
        }
      });
    }
  }
}
