package dev.paxoskv.server.sim;

import static dev.paxoskv.server.sim.StoreSim.MILLI;
import static dev.paxoskv.server.sim.StoreSim.SECOND;

import dev.paxoskv.server.sim.history.History;
import dev.paxoskv.server.sim.history.History.Kind;
import dev.paxoskv.server.sim.history.History.Op;
import dev.paxoskv.server.sim.history.History.Outcome;
import dev.paxoskv.server.sim.history.KeyCheck;
import dev.paxoskv.sim.Dice;
import dev.paxoskv.sim.LinkFaults;
import dev.paxoskv.sim.check.Witness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongFunction;
import java.util.random.RandomGenerator;

/**
 * From a seed to how long a run took that is hard on reads, and what was wrong: one key, writes at
 * any server, and at the moment in which a write is acknowledged a read at every server, while
 * links are cut this way and that, and servers are killed if they are durable; and courses of
 * events that chance does not find ({@link TakenUpVote}, {@link EarlierVote}). Empty if each read
 * saw what it had to see, and was answered once all was well.
 */
final class ReadGale implements LongFunction<Map.Entry<Long, String>> {
  private static final int STEPS = 12;
  private static final String KEY = "k";

  @Override
  public Map.Entry<Long, String> apply(long seed) {
    Run run = new Run(seed);
    try {
      run.play();
      long longer = TakenUpVote.play(seed);
      longer += EarlierVote.play(seed).sim().simulator().nowMicros();
      return Map.entry(run.sim.simulator().nowMicros() + longer, "");
    } catch (RuntimeException | AssertionError e) {
      return Map.entry(run.sim.simulator().nowMicros(), "reads: " + e.getMessage());
    }
  }

  private static final class Run {
    final StoreSim sim;
    final History history;
    final RandomGenerator dice;
    final boolean isDurable;
    final List<CompletableFuture<?>> asked = new ArrayList<>();
    int clients;

    Run(long seed) {
      RandomGenerator sizes = new Dice(seed).fork("sizes", 0);
      int servers = sizes.nextBoolean() ? 3 : 5;
      this.isDurable = sizes.nextInt(3) == 0;
      List<SimDirectory> directories =
          isDurable ? DiskStorm.directories(servers, sizes) : List.of();
      this.sim = new StoreSim(servers, seed, Witness.NONE, directories);
      this.history = new History(sim.simulator());
      this.dice = sim.dice().fork("reads", 0);
    }

    void play() {
      boolean isSlow = dice.nextBoolean();
      long delayMax = 200 + dice.nextLong(isSlow ? 40_000 : 2000);
      double disorder = dice.nextBoolean() ? dice.nextDouble(0.3) : 0;
      double loss = dice.nextBoolean() ? dice.nextDouble(0.1) : 0;
      sim.run(SECOND);
      sim.network().behave(new LinkFaults(100, delayMax, loss, disorder, disorder));
      for (int step = 0; step < STEPS; step++) {
        weather();
        write(dice.nextInt(sim.size()));
        write(dice.nextInt(sim.size()));
        sim.run(50 * MILLI + dice.nextLong(400 * MILLI));
      }
      sim.network().heal();
      sim.network().behave(LinkFaults.NONE);
      for (int server = 0; server < sim.size(); server++) {
        sim.server(server).start();
      }
      sim.run(2 * SECOND);
      judge();
    }

    /** Somebody is cut off, from one or from all, both ways or one way; or all is well. */
    void weather() {
      int one = dice.nextInt(sim.size());
      int other = (one + 1 + dice.nextInt(sim.size() - 1)) % sim.size();
      switch (dice.nextInt(6)) {
        case 0 -> sim.network().heal();
        case 1 -> {
          sim.network().cut(one, other);
          sim.network().cut(other, one);
        }
        case 2 -> sim.network().cut(one, other);
        case 3 -> {
          for (int each = 0; each < sim.size(); each++) {
            sim.network().cut(one, each);
            sim.network().cut(each, one);
          }
        }
        case 4 -> kill(one);
        default -> {}
      }
    }

    void kill(int server) {
      if (isDurable && !sim.server(server).isCrashed()) {
        sim.server(server).falls(dice.nextBoolean());
      }
    }

    void write(int at) {
      asked.add(ask(Kind.APPEND, at, 400).thenCompose(op -> {
        List<CompletableFuture<Op>> reads = new ArrayList<>();
        for (int server = 0; server < sim.size() && op.outcome == Outcome.DONE; server++) {
          reads.add(ask(Kind.GET, server, 1000));
        }
        return CompletableFuture.allOf(reads.toArray(CompletableFuture[]::new));
      }));
    }

    CompletableFuture<Op> ask(Kind kind, int server, long timeoutMillis) {
      SimClerk clerk = sim.clerk(Duration.ofMillis(timeoutMillis), server);
      return history.ask(clerk, clients++, kind, KEY);
    }

    void judge() {
      List<CompletableFuture<Op>> last = new ArrayList<>();
      for (int server = 0; server < sim.size(); server++) {
        last.add(ask(Kind.GET, server, 3000));
      }
      asked.addAll(last);
      sim.await(CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new)), 5 * SECOND);
      for (CompletableFuture<Op> each : last) {
        require(each.join().outcome == Outcome.DONE, "all is well again, but: " + each.join());
      }
      KeyCheck.faultOf(history.of(KEY)).ifPresent(fault -> require(false, fault));
    }

    private static void require(boolean holds, String otherwise) {
      if (!holds) {
        throw new AssertionError(otherwise);
      }
    }
  }
}
