package dev.paxoskv.sim.mutants;

import dev.paxoskv.paxos.host.Host;
import dev.paxoskv.paxos.host.Observer;
import dev.paxoskv.paxos.host.Transport;
import dev.paxoskv.paxos.protocol.Invariants.InvariantViolation;
import dev.paxoskv.paxos.protocol.Status;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.paxos.protocol.leader.Leadership;
import dev.paxoskv.paxos.protocol.roles.Replica;
import dev.paxoskv.paxos.protocol.roles.ReplicaConfig;
import dev.paxoskv.sim.Dice;
import dev.paxoskv.sim.LinkFaults;
import dev.paxoskv.sim.SimNetwork;
import dev.paxoskv.sim.Simulator;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.random.RandomGenerator;

/**
 * From a seed to the microseconds of virtual time that the run took, and what the oracle, or the
 * product itself, found wrong; empty if nothing. Few instances, many peers that want them, slow
 * disks, and a network where old messages come back after a long time: the weather in which a
 * mistake shows soon. Then calm, in which everything started must be decided.
 */
final class Gale implements LongFunction<Map.Entry<Long, String>> {
  private static final long SECOND = 1_000_000;
  private static final long GALE_MICROS = 3 * SECOND;
  private static final int CALM_SECONDS = 15;

  private record Start(int peer, long seq) {}

  private final boolean leads;

  Gale() {
    this(false);
  }

  /**
   * With peers that begin to lead at any moment, if {@code leads}: agreement may not rest on their
   * having been chosen.
   */
  Gale(boolean leads) {
    this.leads = leads;
  }

  /** All that belongs to one run. */
  private record Run(
      Simulator simulator,
      SimNetwork network,
      Oracle oracle,
      List<GalePeer> peers,
      List<Replica> replicas,
      List<Start> starts,
      Spite spite,
      RandomGenerator dice) {}

  @Override
  public Map.Entry<Long, String> apply(long seed) {
    Run run = make(new Dice(seed), leads);
    String objection = blow(run);
    return Map.entry(run.simulator.nowMicros(), objection);
  }

  private static String blow(Run run) {
    try {
      run(run);
      return "";
    } catch (Oracle.Objection e) {
      return String.valueOf(e.getMessage());
    } catch (InvariantViolation e) {
      return "run time: " + e.getMessage();
    } catch (RuntimeException e) {
      return "crash: " + e;
    }
  }

  private static void run(Run run) {
    planStarts(run);
    planCuts(run);
    planFlaps(run);
    planDones(run);
    planLatecomers(run);
    run.simulator.run(GALE_MICROS);
    run.network.heal();
    run.network.behave(LinkFaults.NONE);
    run.peers.forEach(GalePeer::calm);
    for (int second = 0; second < CALM_SECONDS && !isSettled(run); second++) {
      run.simulator.run(SECOND);
    }
    Oracle.check(isSettled(run), "G9", "not everything started is decided after the calm");
  }

  private static boolean isSettled(Run run) {
    return run.starts.stream().allMatch(start -> isSettled(run.peers.get(start.peer()), start));
  }

  private static boolean isSettled(GalePeer peer, Start start) {
    return peer.host().status(start.seq()).fate() != Status.Fate.PENDING;
  }

  private static Run make(Dice all, boolean leads) {
    RandomGenerator dice = all.fork("gale", 0);
    int count = List.of(3, 3, 3, 3, 3, 3, 5, 5, 4, 1).get(dice.nextInt(10));
    Simulator simulator = new Simulator();
    SimNetwork network = new SimNetwork(simulator, count, all);
    Spite spite = Spite.of(all.fork("spite", 0), count);
    Oracle oracle = new Oracle(count);
    Run run = new Run(
        simulator,
        network,
        oracle,
        new ArrayList<>(),
        new ArrayList<>(),
        new ArrayList<>(),
        spite,
        dice);
    long diskMax = dice.nextBoolean() ? 0 : 1 + dice.nextLong(50_000);
    for (int me = 0; me < count; me++) {
      addPeer(run, new ReplicaConfig(me, count, 1, 0), diskMax, all);
    }
    if (leads) {
      planTakeovers(run, all.fork("takeovers", 0));
    }
    long delayMax = 200 + dice.nextLong(List.of(10_000, 100_000, 300_000).get(dice.nextInt(3)));
    network.behave(new LinkFaults(
        100, delayMax, dice.nextDouble(0.3), dice.nextDouble(0.7), dice.nextDouble(0.7)));
    network.failFast(dice.nextBoolean());
    return run;
  }

  private static void addPeer(Run run, ReplicaConfig config, long diskMax, Dice all) {
    int me = config.me();
    DelayedJournal journal = new DelayedJournal(
        run.simulator, all.fork("disk", me), diskMax, record -> run.oracle.durable(me, record));

    Replica replica = new Replica(config, all.fork("retry", me));
    run.replicas.add(replica);
    Observer observer = new Observer() {
      @Override
      public void decided(long seq, Value value) {
        run.oracle.decided(me, seq, value);
      }
    };
    GalePeer peer = new GalePeer(me, run.simulator, run.oracle, self -> {
      run.network.connect(self);
      Transport wire = self.watched(run.network.of(me), run.spite, all.fork("spite of", me));
      return new Host(replica, wire, journal, Optional.empty(), observer);
    });
    journal.afterSync(peer::flushSoon);
    run.peers.add(peer);
  }

  /** Each instance has its rivals, which begin at about the same time. */
  private static void planStarts(Run run) {
    int instances = 1 + run.dice.nextInt(30);
    long spread = 1 + run.dice.nextLong(run.dice.nextBoolean() ? 50_000 : 500_000);
    for (int seq = 0; seq < instances; seq++) {
      long from = run.dice.nextLong(GALE_MICROS - spread);
      int rivals = 1 + run.dice.nextInt(5);
      for (int i = 0; i < rivals; i++) {
        planStart(run, run.dice.nextInt(run.peers.size()), seq, from + run.dice.nextLong(spread));
      }
    }
  }

  private static void planStart(Run run, int peer, long seq, long at) {
    Value value = Value.of(peer + "/" + run.starts.size());
    run.starts.add(new Start(peer, seq));
    run.simulator.after(at, () -> {
      run.oracle.started(seq, value);
      run.peers.get(peer).host().start(seq, value);
      run.peers.get(peer).flushSoon();
    });
  }

  private static void planTakeovers(Run run, RandomGenerator dice) {
    int takeovers = dice.nextInt(60);
    for (int i = 0; i < takeovers; i++) {
      int me = dice.nextInt(run.peers.size());
      run.simulator.after(dice.nextLong(GALE_MICROS), () -> {
        Object roles = read(run.replicas.get(me), "roles");
        Leadership leadership = (Leadership) read(roles, "leadership");
        leadership.takeOver((Long) read(run.replicas.get(me), "now"));
        run.peers.get(me).flushSoon();
      });
    }
  }

  /** The product has no door for this. */
  private static Object read(Object owner, String name) {
    try {
      Field field = owner.getClass().getDeclaredField(name);
      field.setAccessible(true);
      return field.get(owner);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("the roles have changed: no " + name, e);
    }
  }

  private static void planCuts(Run run) {
    int cuts = run.dice.nextInt(6);
    for (int i = 0; i < cuts; i++) {
      long at = run.dice.nextLong(GALE_MICROS);
      long sides = run.dice.nextLong();
      boolean isOneWay = run.dice.nextInt(3) == 0;
      run.simulator.after(at, () -> split(run, sides, isOneWay));
      run.simulator.after(at + run.dice.nextLong(SECOND), run.network::heal);
    }
  }

  /** A single direction between two peers fails for a moment, again and again. */
  private static void planFlaps(Run run) {
    int flaps = run.dice.nextBoolean() ? 0 : run.dice.nextInt(100);
    for (int i = 0; i < flaps; i++) {
      long at = run.dice.nextLong(GALE_MICROS);
      int from = run.dice.nextInt(run.peers.size());
      int to = run.dice.nextInt(run.peers.size());
      run.simulator.after(at, () -> run.network.cut(from, to));
      run.simulator.after(at + run.dice.nextLong(100_000), run.network::heal);
    }
  }

  private static void split(Run run, long sides, boolean isOneWay) {
    for (int from = 0; from < run.peers.size(); from++) {
      for (int to = 0; to < run.peers.size(); to++) {
        long left = (sides >> from) & 1;
        long right = (sides >> to) & 1;
        if (isOneWay ? left > right : left != right) {
          run.network.cut(from, to);
        }
      }
    }
  }

  /** Applications lose interest, also in what is not decided yet. */
  private static void planDones(Run run) {
    int count = run.dice.nextInt(4) == 0 ? 0 : 8 * run.peers.size();
    for (int i = 0; i < count; i++) {
      int me = run.dice.nextInt(run.peers.size());
      run.simulator.after(run.dice.nextLong(GALE_MICROS), () -> {
        long max = run.peers.get(me).host().max();
        if (max >= 0) {
          done(run, me, run.dice.nextLong(max + 1));
        }
      });
    }
  }

  /** All are done with what may just have been decided, and one wants it only then. */
  private static void planLatecomers(Run run) {
    int waves = run.dice.nextInt(4);
    for (int i = 0; i < waves; i++) {
      long at = SECOND / 2 + run.dice.nextLong(2 * SECOND);
      Start start = run.starts.get(run.dice.nextInt(run.starts.size()));
      for (int me = 0; me < run.peers.size(); me++) {
        int peer = me;
        run.simulator.after(
            at + run.dice.nextLong(SECOND / 10), () -> done(run, peer, start.seq()));
      }
      int late = run.spite.deaf() < 0 ? start.peer() : run.spite.deaf();
      planStart(run, late, start.seq(), at + SECOND / 10 + run.dice.nextLong(SECOND / 4));
    }
  }

  private static void done(Run run, int me, long seq) {
    run.oracle.done(me, seq);
    run.peers.get(me).host().done(seq);
    run.peers.get(me).flushSoon();
  }
}
