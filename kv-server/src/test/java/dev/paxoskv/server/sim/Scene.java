package dev.paxoskv.server.sim;

import static dev.paxoskv.server.sim.StoreSim.MILLI;
import static dev.paxoskv.server.sim.StoreSim.SECOND;

import dev.paxoskv.paxos.protocol.DurableRecord;
import dev.paxoskv.server.sim.history.History;
import dev.paxoskv.server.sim.history.History.Kind;
import dev.paxoskv.server.sim.history.History.Op;
import dev.paxoskv.server.sim.history.History.Outcome;
import dev.paxoskv.server.sim.history.KeyCheck;
import dev.paxoskv.sim.Dice;
import dev.paxoskv.sim.check.Oracle;
import dev.paxoskv.sim.check.Witness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * Three durable servers on which something is played step by step, with moments, sizes and parts
 * drawn from a seed, and the checks with which every run ends.
 */
final class Scene {
  static final int SERVERS = 3;

  /** Short against the quickest message, so that what one step causes can still be kept away. */
  private static final long STEP_MICROS = 20;

  private static final String KEY = "k";

  /** Notes what became durable, in order. */
  private static final class Notes implements Witness {
    final List<List<DurableRecord>> records = new ArrayList<>();

    Notes() {
      for (int peer = 0; peer < SERVERS; peer++) {
        records.add(new ArrayList<>());
      }
    }

    @Override
    public void recorded(int peer, DurableRecord record) {
      records.get(peer).add(record);
    }
  }

  private final String name;
  private final RandomGenerator dice;
  private final Notes notes = new Notes();
  private final StoreSim sim;
  private final History history;
  private final List<CompletableFuture<Op>> asked = new ArrayList<>();
  private int clients;

  Scene(String name, long seed, SimDirectory.Sizes sizes) {
    this.name = name + ", seed " + seed;
    this.dice = new Dice(seed).fork(name, 0);
    List<SimDirectory> directories = new ArrayList<>();
    for (int me = 0; me < SERVERS; me++) {
      directories.add(new SimDirectory(sizes));
    }
    Oracle oracle = Oracle.ofMessages(SERVERS, List.of(notes));
    this.sim = new StoreSim(SERVERS, seed, oracle, directories);
    this.history = new History(sim.simulator());
  }

  /** Draws what is special about this run. */
  RandomGenerator dice() {
    return dice;
  }

  StoreSim sim() {
    return sim;
  }

  SimServer server(int index) {
    return sim.server(index);
  }

  SimDirectory directory(int index) {
    return sim.server(index).directory().orElseThrow();
  }

  /** The servers in an order that is drawn. */
  List<Integer> cast() {
    List<Integer> cast = new ArrayList<>(List.of(0, 1, 2));
    Collections.shuffle(cast, new Random(dice.nextLong()));
    return cast;
  }

  /** Everyone comes to know everyone, and a few operations are done. */
  void warmUp() {
    sim.run(SECOND);
    int operations = 1 + dice.nextInt(5);
    for (int i = 0; i < operations; i++) {
      append(dice.nextInt(SERVERS), SECOND / MILLI);
      require(until(this::isQuiet, SECOND), "a group that is well does not answer");
    }
    sim.run(50 * MILLI);
  }

  /** Whether every client has its answer, or has given up. */
  boolean isQuiet() {
    return asked.stream().allMatch(CompletableFuture::isDone);
  }

  /** A client asks {@code server} and nobody else. */
  void append(int server, long timeoutMillis) {
    ask(Kind.APPEND, server, timeoutMillis);
  }

  /** The same, to read what all have appended to. */
  void read(int server, long timeoutMillis) {
    ask(Kind.GET, server, timeoutMillis);
  }

  private void ask(Kind kind, int server, long timeoutMillis) {
    SimClerk clerk = sim.clerk(Duration.ofMillis(timeoutMillis), server);
    asked.add(history.ask(clerk, clients++, kind, KEY));
  }

  void run(long micros) {
    sim.run(micros);
  }

  /** Lets time pass until {@code holds}; returns whether it came to hold. */
  boolean until(BooleanSupplier holds, long microsMax) {
    long end = sim.simulator().nowMicros() + microsMax;
    while (!holds.getAsBoolean() && sim.simulator().nowMicros() < end) {
      sim.run(STEP_MICROS);
    }
    return holds.getAsBoolean();
  }

  /** The first record of {@code server} that became durable and is such a one. */
  <T extends DurableRecord> Optional<T> recorded(int server, Class<T> type, Predicate<T> isMeant) {
    return notes.records.get(server).stream()
        .filter(type::isInstance)
        .map(type::cast)
        .filter(isMeant)
        .findFirst();
  }

  /** The highest instance about which any server has a record. */
  long lastInstance() {
    return notes.records.stream()
        .flatMap(List::stream)
        .mapToLong(DurableRecord::seq)
        .max()
        .orElse(-1);
  }

  void cut(int from, int to) {
    sim.network().cut(from, to);
  }

  void heal(int from, int to) {
    sim.network().heal(from, to);
  }

  /** All is well again: everyone answers, agrees with the others, and has lost nothing. */
  Scene end() {
    sim.network().heal();
    for (int me = 0; me < SERVERS; me++) {
      directory(me).slowness(1);
      server(me).start();
    }
    run(SECOND);
    List<CompletableFuture<Op>> last = new ArrayList<>();
    for (Kind kind : List.of(Kind.APPEND, Kind.GET)) {
      for (int me = 0; me < SERVERS; me++) {
        SimClerk clerk = sim.clerk(Duration.ofSeconds(3), me);
        last.add(history.ask(clerk, clients++, kind, KEY));
      }
      require(until(() -> last.stream().allMatch(CompletableFuture::isDone), 4 * SECOND), "slow");
    }
    require(until(this::isQuiet, 4 * SECOND), "a client has not returned");
    run(SECOND / 2);
    for (CompletableFuture<Op> op : last) {
      require(op.join().outcome == Outcome.DONE, "all is well again, but: " + op.join());
    }
    KeyCheck.faultOf(history.of(KEY)).ifPresent(fault -> require(false, fault));
    for (SimServer server : sim.living()) {
      require(server.host().applied() == sim.living().get(0).host().applied(), "one is behind");
      require(server.host().driving() == 0, "a server still drives instances");
    }
    require(sim.living().size() == SERVERS, "a server is down");
    require(sim.watch().compared() > 0, "no states were compared");
    return this;
  }

  private void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(name + ": " + otherwise);
    }
  }
}
