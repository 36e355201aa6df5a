package dev.paxoskv.server.sim;

import static dev.paxoskv.server.sim.StoreSim.MILLI;
import static dev.paxoskv.server.sim.StoreSim.SECOND;

import dev.paxoskv.client.NotAppliedException;
import dev.paxoskv.sim.Dice;
import dev.paxoskv.sim.LinkFaults;
import dev.paxoskv.sim.check.Witness;
import dev.paxoskv.sim.lin.Call.Kind;
import dev.paxoskv.sim.lin.Call.Outcome;
import dev.paxoskv.sim.lin.LinearizabilityChecker;
import dev.paxoskv.sim.lin.Recorder;
import dev.paxoskv.sim.lin.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;
import java.util.function.LongFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * From a seed to how long a run took that is hard on writes which depend on what is there, and what
 * was wrong: a few clients at different servers delete, compare, set and read a few keys, and what
 * they expect is what they have seen there last, while messages get lost, links are cut and servers
 * are killed if they are durable. Empty if what they were told can have happened.
 */
final class ConditionGale implements LongFunction<Map.Entry<Long, String>> {
  private static final int CLIENTS = 4;
  private static final int CALLS_EACH = 12;
  private static final int KEYS = 2;

  @Override
  public Map.Entry<Long, String> apply(long seed) {
    Run run = new Run(seed);
    try {
      run.play();
      return Map.entry(run.sim.simulator().nowMicros(), "");
    } catch (RuntimeException | AssertionError e) {
      return Map.entry(run.sim.simulator().nowMicros(), "conditions: " + e.getMessage());
    }
  }

  private static final class Run {
    final StoreSim sim;
    final RandomGenerator dice;
    final boolean isDurable;
    final Recorder recorder = new Recorder();

    /** What somebody has seen of a key last, by key. */
    final List<Optional<String>> seen = new ArrayList<>();

    int values;
    int clientsLeft = CLIENTS;

    Run(long seed) {
      RandomGenerator sizes = new Dice(seed).fork("sizes", 0);
      this.isDurable = sizes.nextInt(3) == 0;
      List<SimDirectory> directories = isDurable ? DiskStorm.directories(3, sizes) : List.of();
      this.sim = new StoreSim(3, seed, Witness.NONE, directories);
      this.dice = sim.dice().fork("conditions", 0);
      for (int key = 0; key < KEYS; key++) {
        seen.add(Optional.empty());
      }
    }

    void play() {
      sim.run(SECOND);
      double disorder = dice.nextBoolean() ? dice.nextDouble(0.3) : 0;
      double loss = dice.nextBoolean() ? dice.nextDouble(0.2) : 0;
      sim.network()
          .behave(new LinkFaults(100, 200 + dice.nextLong(20_000), loss, disorder, disorder));
      sim.unreliable(dice.nextBoolean());
      for (int client = 0; client < CLIENTS; client++) {
        SimClerk clerk = sim.clerkOfAll(Duration.ofMillis(800), dice);
        call("c" + client, clerk, CALLS_EACH);
      }
      while (clientsLeft > 0 && sim.simulator().nowMicros() < 60 * SECOND) {
        weather();
        sim.run(50 * MILLI + dice.nextLong(400 * MILLI));
      }
      require(clientsLeft == 0, "clients do not come to an end");
      Verdict verdict = new LinearizabilityChecker().check(recorder.history());
      require(!verdict.isIllegal(), verdict.toString());
    }

    void weather() {
      int one = dice.nextInt(3);
      int other = (one + 1 + dice.nextInt(2)) % 3;
      switch (dice.nextInt(5)) {
        case 0 -> {
          sim.network().cut(one, other);
          sim.network().cut(other, one);
        }
        case 1 -> sim.network().cut(one, other);
        case 2 -> {
          if (isDurable && !sim.server(one).isCrashed()) {
            sim.server(one).falls(dice.nextBoolean());
          }
        }
        default -> {
          sim.network().heal();
          for (int server = 0; server < 3; server++) {
            sim.server(server).start();
          }
        }
      }
    }

    /** One call after the other. */
    void call(String client, SimClerk clerk, int left) {
      if (left == 0) {
        clerk.close();
        clientsLeft--;
        return;
      }
      ask(client, clerk, dice.nextInt(KEYS))
          .handle((done, why) -> clerk.pause(dice.nextLong(20 * MILLI)))
          .thenCompose(pause -> pause)
          .thenRun(() -> call(client, clerk, left - 1));
    }

    CompletableFuture<?> ask(String client, SimClerk clerk, int number) {
      String key = "k" + number;
      String value = "v" + values++;
      switch (dice.nextInt(6)) {
        case 0 -> {
          int call = recorder.invoked(client, Kind.PUT, key, Optional.of(value));
          return clerk.put(key, value).thenApply(done -> true).whenComplete(written(call));
        }
        case 1 -> {
          int call = recorder.invoked(client, Kind.DELETE, key, Optional.empty());
          return clerk.delete(key).whenComplete(written(call));
        }
        case 2, 3 -> {
          int call = recorder.invoked(client, Kind.GET, key, Optional.empty());
          return clerk.find(key).whenComplete((found, why) -> {
            if (why == null) {
              recorder.found(call, found);
              seen.set(number, found);
            } else {
              recorder.returned(call, Outcome.NOT_APPLIED);
            }
          });
        }
        default -> {
          Optional<String> expected = seen.get(number);
          int call = recorder.invokedCas(client, key, expected, value);
          return clerk
              .compareAndSet(key, expected, value)
              .whenComplete(written(call))
              .whenComplete((isSet, why) -> {
                if (why == null && isSet) {
                  seen.set(number, Optional.of(value));
                }
              });
        }
      }
    }

    private BiConsumer<Boolean, @Nullable Throwable> written(int call) {
      return (isDone, why) -> {
        if (why == null) {
          recorder.returned(call, isDone ? Outcome.APPLIED : Outcome.UNMET);
        } else {
          boolean isKnown = cause(why) instanceof NotAppliedException;
          recorder.returned(call, isKnown ? Outcome.NOT_APPLIED : Outcome.UNKNOWN);
        }
      };
    }

    private static Throwable cause(Throwable why) {
      return why instanceof CompletionException && why.getCause() != null ? why.getCause() : why;
    }

    private static void require(boolean holds, String otherwise) {
      if (!holds) {
        throw new AssertionError(otherwise);
      }
    }
  }
}
