package dev.paxoskv.sim.mutants;

import dev.paxoskv.paxos.PaxosNode;
import dev.paxoskv.paxos.protocol.Message.PrepareRange;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.sim.Dice;
import dev.paxoskv.sim.LinkFaults;
import dev.paxoskv.sim.SimCluster;
import dev.paxoskv.sim.check.Oracle;
import dev.paxoskv.sim.check.Witness;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.LongFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * From a seed to what is wrong with how peers come to have a leader: nothing that could break
 * agreement, only that there is none in time, or too many, or that it changes for no reason. Links
 * fail in one of the ways that are known to confuse elections; what must hold then is said to each.
 */
final class ElectionGale implements LongFunction<Map.Entry<Long, String>> {
  private static final long TICK = PaxosNode.TICK_MILLIS * 1000L;

  /** The longest that a peer waits before it takes over. */
  private static final long TIMEOUT = 60 * TICK;

  /** So large that a page of a report tells of one only. */
  private static final int LARGE = 600 << 10;

  private static final class Wrong extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Wrong(String what) {
      super(what);
    }
  }

  /** One run. */
  private static final class Run {
    final RandomGenerator dice;
    final SimCluster group;
    int takeovers;
    long nextSeq;

    Run(long seed, int peers) {
      Dice all = new Dice(seed);
      this.dice = all.fork("election", 0);
      Witness counter = new Witness() {
        @Override
        public void sent(Hop hop) {
          takeovers += hop.message() instanceof PrepareRange ? 1 : 0;
        }
      };
      Oracle oracle = new Oracle(peers, List.of(counter));
      this.group = new SimCluster(
          new SimCluster.Setup(peers, all, 0, oracle, SimCluster.Mouth.HONEST, true));
      double doubled = dice.nextDouble(0.3);
      group.network().behave(new LinkFaults(100, 1 + 100 + dice.nextLong(4000), 0, doubled, 0.1));
    }

    List<Integer> leaders() {
      return IntStream.range(0, group.peers())
          .filter(peer -> group.isUp(peer) && group.host(peer).leader() == peer)
          .boxed()
          .toList();
    }

    int elected(String where) {
      group.run(4 * TIMEOUT);
      List<Integer> leaders = leaders();
      require(leaders.size() == 1, where + ": leaders " + leaders + " after four timeouts");
      return leaders.get(0);
    }

    List<Integer> others(int peer) {
      List<Integer> others =
          new ArrayList<>(IntStream.range(0, group.peers()).boxed().toList());
      others.remove(Integer.valueOf(peer));
      Collections.shuffle(others, new Random(dice.nextLong()));
      return others;
    }

    void cut(int one, int other) {
      group.network().cut(one, other);
      group.network().cut(other, one);
    }

    /** Of all links only those of {@code hub} are left. */
    void star(int hub) {
      for (int one : others(hub)) {
        others(hub).stream().filter(other -> other != one).forEach(other -> cut(one, other));
      }
    }

    void decides(int peer, String where) {
      long seq = nextSeq++;
      group.start(peer, seq, Value.of("of " + peer));
      group.run(TIMEOUT);
      require(group.status(peer, seq).isDecided(), where + ": " + peer + " decides nothing");
    }

    /** For four timeouts nobody takes over. */
    void staysQuiet(String where) {
      takeovers = 0;
      group.run(4 * TIMEOUT);
      require(takeovers == 0, where + ": peers take over again and again");
    }

    static void require(boolean holds, String otherwise) {
      if (!holds) {
        throw new Wrong(otherwise);
      }
    }
  }

  @Override
  public Map.Entry<Long, String> apply(long seed) {
    RandomGenerator dice = new Dice(seed).fork("what", 0);
    int what = dice.nextInt(6);
    // With three, whoever reaches the one that reaches the others has a majority, too.
    Run run = new Run(seed, what < 2 || dice.nextInt(3) == 0 ? 5 : 3);
    try {
      switch (what) {
        case 0 -> quorumLoss(run);
        case 1 -> constrained(run);
        case 2 -> halfCut(run);
        case 3 -> twoLeaders(run);
        case 4 -> rivals(run);
        default -> flappingLink(run);
      }
      return Map.entry(run.group.simulator().nowMicros(), "");
    } catch (RuntimeException | AssertionError e) {
      String kind = e instanceof Wrong ? "G9: " : "crash: ";
      return Map.entry(run.group.simulator().nowMicros(), kind + e.getMessage());
    }
  }

  /** Nobody but one has a majority, and that is not the leader, which it still hears. */
  private static void quorumLoss(Run run) {
    int leader = run.elected("at first");
    int hub = run.others(leader).get(0);
    run.star(hub);
    int next = run.elected("quorum loss");
    Run.require(next == hub, "quorum loss: " + next + " leads, not " + hub);
    run.decides(hub, "quorum loss");
    run.staysQuiet("quorum loss");
  }

  /** The only one that can lead has missed more than a page can tell. */
  private static void constrained(Run run) {
    int leader = run.elected("at first");
    int hub = run.others(leader).get(0);
    run.group.network().isolate(hub);
    int size = run.dice.nextBoolean() ? LARGE : 1;
    for (; run.nextSeq < 10; run.nextSeq++) {
      byte[] bytes = new byte[size];
      bytes[0] = (byte) run.nextSeq;
      run.group.start(leader, run.nextSeq, Value.of(bytes));
    }
    run.group.run(10 * TICK);
    run.group.network().heal();
    run.star(hub);
    run.group.network().isolate(leader);
    int next = run.elected("constrained");
    Run.require(next == hub, "constrained: " + next + " leads, not " + hub);
    run.decides(hub, "constrained");
    run.staysQuiet("constrained");
  }

  /** A link of the leader fails, or a direction of it: the others still hear it, so it stays. */
  private static void halfCut(Run run) {
    int leader = run.elected("at first");
    int other = run.others(leader).get(0);
    int directions = 1 + run.dice.nextInt(3);
    if ((directions & 1) != 0) {
      run.group.network().cut(leader, other);
    }
    if ((directions & 2) != 0) {
      run.group.network().cut(other, leader);
    }
    run.staysQuiet("half a cut");
    run.decides(leader, "half a cut");
    Run.require(run.leaders().equals(List.of(leader)), "half a cut: leaders " + run.leaders());
  }

  /** The last leader comes back before it has missed anybody, and does not hear the next one. */
  private static void twoLeaders(Run run) {
    int last = run.elected("at first");
    run.group.network().isolate(last);
    long end = run.group.simulator().nowMicros() + 4 * TIMEOUT;
    while (run.leaders().equals(List.of(last)) && run.group.simulator().nowMicros() < end) {
      run.group.run(TICK);
    }
    List<Integer> next = new ArrayList<>(run.leaders());
    next.remove(Integer.valueOf(last));
    if (next.isEmpty()) {
      return;
    }
    run.group.network().heal();
    run.cut(last, next.get(0));
    run.group.start(last, 0, Value.of("late"));
    run.group.run(5 * TICK);
    Run.require(!run.leaders().contains(last), "two leaders: " + last + " leads on");
  }

  /** Another peer wants the same instances, and gets some: the leader stays all the same. */
  private static void rivals(Run run) {
    int leader = run.elected("at first");
    int rival = run.others(leader).get(0);
    run.takeovers = 0;
    for (long seq = 0; seq < 20; seq++) {
      run.group.start(rival, seq, Value.of("rival " + seq));
      run.group.run(run.dice.nextLong(4000));
      run.group.start(leader, seq, Value.of("leader " + seq));
    }
    run.group.run(4 * TIMEOUT);
    for (long seq = 0; seq < 20; seq++) {
      Run.require(run.group.status(leader, seq).isDecided(), "rivals: undecided " + seq);
    }
    Run.require(run.takeovers == 0, "rivals: somebody takes over");
    Run.require(run.leaders().equals(List.of(leader)), "rivals: leaders " + run.leaders());
  }

  /** A link of the leader comes and goes; whoever is at its other end does not mind. */
  private static void flappingLink(Run run) {
    int leader = run.elected("at first");
    int other = run.others(leader).get(0);
    run.takeovers = 0;
    for (int i = 0; i < 5; i++) {
      run.cut(leader, other);
      run.group.run(TIMEOUT / 2 + run.dice.nextLong(TIMEOUT));
      run.group.network().heal();
      run.group.run(run.dice.nextLong(TIMEOUT));
    }
    Run.require(run.takeovers == 0, "a flapping link: somebody takes over");
  }
}
