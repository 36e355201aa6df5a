package dev.paxoskv.sim.explore;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.paxos.host.StateMachine;
import dev.paxoskv.paxos.protocol.Status;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.sim.Dice;
import dev.paxoskv.sim.LinkFaults;
import dev.paxoskv.sim.SimCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The code in docs/simulator.md compiles, runs, and is what the page shows. */
class CounterTest {
  private static final Path PAGE = Path.of("..", "docs", "simulator.md");
  private static final Path THIS =
      Path.of("src/test/java/dev/paxoskv/sim/explore/CounterTest.java");

  // shown
  /** Adds up numbers: every peer that applied the same instances has the same sum. */
  static final class Counter implements StateMachine {
    private long sum;
    private long applied = -1;

    @Override
    public void apply(long seq, Value value) {
      sum += Long.parseLong(new String(value.bytes(), UTF_8));
      applied = seq;
    }

    @Override
    public long done() {
      return applied;
    }
  }

  // end

  // shown
  static List<Counter> addOneToTwenty(long seed) {
    SimCluster cluster = new SimCluster(3, new Dice(seed), 20);
    cluster.network().behave(new LinkFaults(100, 20_000, 0.2, 0.1, 0.2));
    List<Counter> counters = List.of(new Counter(), new Counter(), new Counter());
    RandomGenerator dice = new Dice(seed).fork("client", 0);
    for (int number = 1; number <= 20; number++) {
      add(cluster, counters, dice.nextInt(3), number);
    }
    cluster.network().behave(LinkFaults.NONE);
    cluster.run(10_000_000);
    applyDecided(cluster, counters);
    return counters;
  }

  /** Proposes in one instance after the other, until the number is the one that was decided. */
  static void add(SimCluster cluster, List<Counter> counters, int peer, int number) {
    Value own = Value.of(Integer.toString(number));
    Status status = Status.PENDING;
    while (!status.equals(Status.decided(own))) {
      long seq = counters.get(peer).applied + 1;
      cluster.start(peer, seq, own);
      while (!cluster.status(peer, seq).isDecided()) {
        cluster.run(10_000);
      }
      status = cluster.status(peer, seq);
      applyDecided(cluster, counters);
    }
  }

  /** Every peer applies what it has learnt, in order and without gaps. */
  static void applyDecided(SimCluster cluster, List<Counter> counters) {
    for (int peer = 0; peer < counters.size(); peer++) {
      Counter counter = counters.get(peer);
      Status next = cluster.status(peer, counter.applied + 1);
      while (next.isDecided()) {
        counter.apply(counter.applied + 1, next.value().orElseThrow());
        next = cluster.status(peer, counter.applied + 1);
      }
      cluster.done(peer, counter.done());
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void everyNumberIsAddedOnceAtEveryPeer(long seed) {
    for (Counter counter : addOneToTwenty(seed)) {
      assertThat(counter.sum).isEqualTo(210);
    }
  }

  static LongStream seeds() {
    return LongStream.range(0, 50);
  }

  // end

  @Test
  void thePageShowsThisCode() throws IOException {
    List<String> shown = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
        .matcher(Files.readString(PAGE))
        .results()
        .map(match -> match.group(1))
        .toList();
    List<String> run = Pattern.compile("  // shown\n(.*?)\n  // end\n", Pattern.DOTALL)
        .matcher(Files.readString(THIS))
        .results()
        .map(match -> match.group(1).lines().map(l -> l.isEmpty() ? "\n" : l.substring(2) + "\n"))
        .map(lines -> lines.collect(Collectors.joining()))
        .toList();
    assertThat(run).hasSize(2).isEqualTo(shown);
  }

  @Test
  void thePageShowsAScript() throws IOException {
    String page = Files.readString(PAGE);
    String script = Files.readString(Path.of("..", "golden", "29-a-peer-counts-once.txt"));
    String shown = script.substring(script.indexOf("> peers"), script.indexOf("> duplicate"));
    assertThat(page).contains("```\n" + shown + "```\n");
  }
}
