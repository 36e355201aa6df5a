package dev.paxoskv.server.sim;

import static dev.paxoskv.server.sim.StoreSim.MILLI;
import static dev.paxoskv.server.sim.StoreSim.SECOND;

import dev.paxoskv.sim.Dice;
import dev.paxoskv.sim.LinkFaults;
import dev.paxoskv.sim.check.Witness;
import dev.paxoskv.sim.lin.Call;
import dev.paxoskv.sim.lin.LinearizabilityChecker;
import dev.paxoskv.sim.lin.Move;
import dev.paxoskv.sim.lin.Verdict;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongFunction;
import java.util.random.RandomGenerator;

/**
 * From a seed to how long a run took in which clients speak Redis's protocol to servers at whatever
 * moment, pipelined, on few keys, and what was wrong: links are cut, servers stand still, are
 * killed or lose power if they are durable, connections break or fall silent, sessions end. Empty
 * if what the clients were told can have happened, one request after the other: a broken connection
 * and {@code UNKNOWN} leave open what did, any other error is a promise that nothing has and will.
 */
final class RedisGale implements LongFunction<Map.Entry<Long, String>> {
  private static final int CLIENTS = 5;
  private static final int ROUNDS = 8;
  private static final int PIPELINE_MAX = 4;
  private static final long ENOUGH_MICROS = 120 * SECOND;

  @Override
  public Map.Entry<Long, String> apply(long seed) {
    Run run = new Run(seed);
    try {
      run.play();
      return Map.entry(run.sim.simulator().nowMicros(), "");
    } catch (RuntimeException | AssertionError e) {
      return Map.entry(run.sim.simulator().nowMicros(), "redis: " + e.getMessage());
    }
  }

  /** One run; afterwards it tells what happened in it. */
  static final class Run {
    final StoreSim sim;
    final RandomGenerator dice;
    final boolean isDurable;

    /** What is known, by text. */
    final Map<String, List<Move>> moves = new TreeMap<>();

    /** How often each kind of reply came, by its first word. */
    final Map<String, Integer> replies = new TreeMap<>();

    int undecided;
    private boolean isCalm;
    private int values;
    private int clientsLeft = CLIENTS;
    private long wires;
    private long now;

    Run(long seed) {
      RandomGenerator sizes = new Dice(seed).fork("sizes", 0);
      this.isDurable = sizes.nextBoolean();
      List<SimDirectory> directories = isDurable ? DiskStorm.directories(3, sizes) : List.of();
      this.sim = new StoreSim(3, seed, Witness.NONE, directories, SimLimits.draw(sizes));
      this.dice = sim.dice().fork("redis", 0);
    }

    void play() {
      sim.run(SECOND);
      double disorder = dice.nextBoolean() ? dice.nextDouble(0.3) : 0;
      double loss = dice.nextBoolean() ? dice.nextDouble(0.2) : 0;
      sim.network()
          .behave(new LinkFaults(100, 200 + dice.nextLong(20_000), loss, disorder, disorder));
      for (int client = 0; client < CLIENTS; client++) {
        new Client(dice.nextInt(3)).go(ROUNDS);
      }
      while (clientsLeft > 0 && sim.simulator().nowMicros() < ENOUGH_MICROS) {
        weather();
        // Now and then so long that the door gives up what it has been asked.
        boolean isLong = dice.nextInt(12) == 0;
        sim.run(50 * MILLI + dice.nextLong(isLong ? 8 * SECOND : 400 * MILLI));
      }
      require(clientsLeft == 0, "clients do not come to an end");
      calm();
      sim.network().behave(LinkFaults.NONE);
      sim.run(3 * SECOND);
      lookAtLast();
      judge();
    }

    private void weather() {
      int one = dice.nextInt(3);
      int other = (one + 1 + dice.nextInt(2)) % 3;
      switch (dice.nextInt(7)) {
        case 0 -> {
          sim.network().cut(one, other);
          sim.network().cut(other, one);
        }
        case 1 -> sim.network().cut(one, other);
        case 2 -> {
          for (int each = 0; each < 3; each++) {
            sim.network().cut(one, each);
            sim.network().cut(each, one);
          }
        }
        case 3 -> {
          if (isDurable && !sim.server(one).isCrashed()) {
            sim.server(one).falls(dice.nextBoolean());
          }
        }
        case 4 -> sim.server(one).freeze();
        default -> calm();
      }
    }

    private void calm() {
      sim.network().heal();
      for (int server = 0; server < 3; server++) {
        sim.server(server).thaw();
        sim.server(server).start();
      }
    }

    /** All is well, so everyone who asks is answered, everywhere. */
    private void lookAtLast() {
      isCalm = true;
      clientsLeft = 3;
      for (int server = 0; server < 3; server++) {
        new Client(server).lookAtAll();
      }
      sim.run(3 * SECOND);
      require(clientsLeft == 0, "all is well again, and not all reads are answered");
    }

    private void judge() {
      moves.forEach((text, ofText) -> {
        Verdict.Kind kind = new LinearizabilityChecker().judge(ofText);
        undecided += kind == Verdict.Kind.UNDECIDED ? 1 : 0;
        require(
            kind != Verdict.Kind.ILLEGAL,
            "no order of these explains what was told of " + text + ":\n"
                + String.join("\n", ofText.stream().map(Move::toString).sorted().toList()));
      });
    }

    private void known(RedisAsk ask, Optional<Move> move) {
      move.ifPresent(
          m -> moves.computeIfAbsent(ask.text(), key -> new ArrayList<>()).add(m));
    }

    private RedisAsk draw() {
      String value = "v" + values++ + ".";
      String key = "k" + dice.nextInt(2);
      return switch (dice.nextInt(21)) {
        case 0, 1, 2 -> RedisAsk.get(key);
        case 3 -> RedisAsk.length(key);
        case 4 -> RedisAsk.exists(key);
        case 5 -> RedisAsk.set(key, value);
        case 6 -> RedisAsk.setIfAbsent(key, value);
        case 7 -> RedisAsk.setIfPresent(key, value);
        case 8 -> RedisAsk.swap(key, value);
        case 9 -> RedisAsk.swapIfAbsent(key, value);
        case 10 -> RedisAsk.swapIfPresent(key, value);
        case 11 -> RedisAsk.swapOfOld(key, value);
        case 12 -> RedisAsk.append(key, value);
        case 13 -> RedisAsk.delete(key);
        case 14 -> RedisAsk.add("n", 1);
        case 15 -> RedisAsk.add("n", 1 + dice.nextInt(9));
        case 16 -> dice.nextBoolean() ? RedisAsk.get("n") : RedisAsk.delete("n");
        case 17 -> RedisAsk.setBoth("p", value);
        case 18 -> RedisAsk.getBoth("p");
        case 19 -> dice.nextBoolean() ? RedisAsk.deleteBoth("p") : RedisAsk.countBoth("p");
        default -> RedisAsk.getHalf("p", dice.nextBoolean() ? "a" : "b");
      };
    }

    private record Asked(RedisAsk ask, long wire, long invoked) {
      Move.Span span(long returned) {
        return new Move.Span(invoked, returned, wire);
      }
    }

    /** Asks a few things at once, waits for the replies, asks again; dials anew when cut off. */
    private final class Client {
      private final int home;

      /** Some wait for what the server says in the end, others hang up before. */
      private final long patience = dice.nextBoolean() ? 8 * SECOND : 400 * MILLI;

      private final ArrayDeque<Asked> asked = new ArrayDeque<>();
      private Optional<RedisWire> wire = Optional.empty();
      private long number;
      private int roundsLeft;

      Client(int home) {
        this.home = home;
      }

      void go(int rounds) {
        roundsLeft = rounds;
        goOn();
      }

      void lookAtAll() {
        roundsLeft = 1;
        ask(List.of(
            RedisAsk.get("k0"), RedisAsk.get("k1"), RedisAsk.get("n"), RedisAsk.getBoth("p")));
      }

      private void goOn() {
        if (roundsLeft == 0) {
          wire.ifPresent(RedisWire::close);
          clientsLeft--;
          return;
        }
        List<RedisAsk> asks = new ArrayList<>();
        for (int left = 1 + dice.nextInt(PIPELINE_MAX); left > 0; left--) {
          asks.add(draw());
        }
        ask(asks);
      }

      private void ask(List<RedisAsk> asks) {
        RedisWire open = wire.filter(w -> dice.nextInt(8) > 0).orElseGet(this::dial);
        StringBuilder requests = new StringBuilder();
        for (RedisAsk ask : asks) {
          asked.addLast(new Asked(ask, number, now++));
          requests.append(ask.encoded());
        }
        open.send(requests.toString());
        int round = roundsLeft;
        sim.simulator().after(patience, () -> {
          if (roundsLeft == round && wire.filter(w -> w == open).isPresent()) {
            open.close();
            cutOff(open);
          }
        });
      }

      private RedisWire dial() {
        wire.ifPresent(RedisWire::close);
        SimServer server = sim.server(isCalm || dice.nextInt(3) > 0 ? home : dice.nextInt(3));
        number = wires++;
        RedisWire[] dialled = new RedisWire[1];
        dialled[0] = new RedisWire(sim, server, number, this::told, () -> cutOff(dialled[0]));
        wire = Optional.of(dialled[0]);
        if (!isCalm && dice.nextInt(4) == 0) {
          Runnable end = dice.nextBoolean() ? dialled[0]::breakOff : dialled[0]::fallSilent;
          sim.simulator().after(dice.nextLong(SECOND), end);
        }
        return dialled[0];
      }

      private void told(String reply) {
        Asked first = asked.removeFirst();
        replies.merge(kind(reply), 1, Integer::sum);
        known(first.ask, first.ask.after(reply, first.span(now++)));
        if (asked.isEmpty()) {
          roundIsOver();
        }
      }

      private void cutOff(RedisWire which) {
        if (wire.filter(w -> w == which).isEmpty()) {
          return;
        }
        wire = Optional.empty();
        boolean wasWaiting = !asked.isEmpty();
        replies.merge("none", asked.size(), Integer::sum);
        asked.forEach(each -> known(each.ask, each.ask.unanswered(each.span(Call.OPEN))));
        asked.clear();
        if (wasWaiting) {
          roundIsOver();
        }
      }

      private void roundIsOver() {
        roundsLeft--;
        sim.simulator().after(dice.nextLong(40 * MILLI), this::goOn);
      }

      private static String kind(String reply) {
        return reply.startsWith("-") ? reply.split(" ", 2)[0] : "answer";
      }
    }

    private static void require(boolean holds, String otherwise) {
      if (!holds) {
        throw new AssertionError(otherwise);
      }
    }
  }
}
