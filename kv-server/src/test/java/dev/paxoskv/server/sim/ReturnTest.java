package dev.paxoskv.server.sim;

import static dev.paxoskv.server.sim.StoreSim.MILLI;
import static dev.paxoskv.server.sim.StoreSim.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.server.sim.history.History;
import dev.paxoskv.server.sim.history.History.Kind;
import dev.paxoskv.server.sim.history.History.Op;
import dev.paxoskv.server.sim.history.History.Outcome;
import dev.paxoskv.server.sim.history.KeyCheck;
import dev.paxoskv.sim.check.Oracle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * After each server was down once, its clients are back. The name of a failing test is its seed.
 */
class ReturnTest {
  private static final int SERVERS = 3;

  static LongStream seeds() {
    return LongStream.range(0, 4);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void theLoadIsEvenAgainAfterEachServerWasDown(long seed) {
    List<SimDirectory> directories = new ArrayList<>();
    SimDirectory.Sizes sizes = SimDirectory.Sizes.draw(new Random(seed));
    IntStream.range(0, SERVERS).forEach(me -> directories.add(new SimDirectory(sizes)));
    StoreSim sim = new StoreSim(SERVERS, seed, Oracle.ofMessages(SERVERS, List.of()), directories);
    History history = new History(sim.simulator());
    List<SimClerk> clerks = new ArrayList<>();
    for (int me = 0; me < SERVERS; me++) {
      clerks.add(sim.clerk(Duration.ofSeconds(10), me, (me + 1) % SERVERS, (me + 2) % SERVERS));
    }
    sim.run(SECOND);
    List<CompletableFuture<Op>> asked = new ArrayList<>();
    load(sim, history, clerks, asked, SECOND);
    for (int me = 0; me < SERVERS; me++) {
      sim.server(me).crash(seed % 2 == 0);
      load(sim, history, clerks, asked, SECOND);
      sim.server(me).start();
      load(sim, history, clerks, asked, 40 * SECOND);
    }
    for (CompletableFuture<Op> op : asked) {
      assertThat(sim.await(op, 10 * SECOND).outcome).isEqualTo(Outcome.DONE);
    }
    assertThat(KeyCheck.faultOf(history.of("k"))).isEmpty();
    for (int me = 0; me < SERVERS; me++) {
      assertThat(sim.server(me).clients()).as("clients at %d", me).isEqualTo(1);
    }
  }

  /** Each asks something every 200 ms, whether it has been answered or not. */
  private static void load(
      StoreSim sim,
      History history,
      List<SimClerk> clerks,
      List<CompletableFuture<Op>> asked,
      long micros) {
    long end = sim.simulator().nowMicros() + micros;
    while (sim.simulator().nowMicros() < end) {
      for (int i = 0; i < clerks.size(); i++) {
        Kind kind = asked.size() % 2 == 0 ? Kind.APPEND : Kind.GET;
        asked.add(history.ask(clerks.get(i), asked.size(), kind, "k"));
      }
      sim.run(200 * MILLI);
    }
  }
}
