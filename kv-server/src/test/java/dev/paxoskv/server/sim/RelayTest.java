package dev.paxoskv.server.sim;

import static dev.paxoskv.server.sim.StoreSim.MILLI;
import static dev.paxoskv.server.sim.StoreSim.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.paxos.protocol.Message;
import dev.paxoskv.paxos.protocol.Talk;
import dev.paxoskv.server.sim.history.History;
import dev.paxoskv.server.sim.history.History.Kind;
import dev.paxoskv.server.sim.history.History.Op;
import dev.paxoskv.server.sim.history.History.Outcome;
import dev.paxoskv.server.sim.history.KeyCheck;
import dev.paxoskv.sim.check.Witness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Servers that do not reach the leader, and have no majority of their own, hand their clients'
 * writes to a neighbour that does. The name of a failing test is its seed.
 */
class RelayTest {
  private int passedOn;
  private int prepared;

  static LongStream seeds() {
    // Those that have the servers choose a leader.
    return LongStream.range(0, 40).filter(seed -> seed % 4 < 2);
  }

  private StoreSim store(int size, long seed) {
    return new StoreSim(size, seed, new Witness() {
      @Override
      public void sent(Hop hop) {
        boolean isPassedOn = hop.message() instanceof Talk.Forward forward && !forward.mayPass();
        passedOn += isPassedOn ? 1 : 0;
        prepared += hop.message() instanceof Message.Prepare ? 1 : 0;
      }
    });
  }

  /** The ends of a chain of five reach one other server each, and no majority. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void theEndsOfAChainWriteThroughTheirNeighbours(long seed) {
    StoreSim store = store(5, seed);
    store.run(2 * SECOND);
    List<Integer> order = aroundTheLeader(store, seed);
    store.chain(order);
    store.run(SECOND);
    History history = new History(store.simulator());
    for (int round = 0; round < 5; round++) {
      for (int end : List.of(order.get(0), order.get(4))) {
        SimClerk clerk = store.clerk(Duration.ofSeconds(2), end);
        Op op = store.await(history.ask(clerk, 10 * round + end, Kind.APPEND, "k"), 3 * SECOND);
        assertThat(op.outcome).as("through %d of %s", end, order).isEqualTo(Outcome.DONE);
      }
    }
    assertThat(passedOn).as("batches passed on to the leader").isPositive();
    store.network().heal();
    store.run(SECOND);
    SimClerk clerk = store.clerk(Duration.ofSeconds(2), 0);
    store.await(history.ask(clerk, 1000, Kind.GET, "k"), 3 * SECOND);
    assertThat(KeyCheck.faultOf(history.of("k"))).isEmpty();
  }

  /** A link to the leader fails: the third server helps, and no instance is fought for. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aServerWithoutItsLinkToTheLeaderFightsForNothing(long seed) {
    StoreSim store = store(3, seed);
    store.run(2 * SECOND);
    int leader = store.server(0).host().leader();
    int other = (leader + 1) % 3;
    store.network().cut(leader, other);
    store.network().cut(other, leader);
    store.run(SECOND);
    prepared = 0;
    History history = new History(store.simulator());
    SimClerk clerk = store.clerk(Duration.ofSeconds(2), other);
    List<CompletableFuture<Op>> asked = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      asked.add(history.ask(clerk, 0, Kind.APPEND, "k"));
      store.run(20 * MILLI);
    }
    store.await(CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new)), 3 * SECOND);
    assertThat(asked).allMatch(op -> op.join().outcome == Outcome.DONE);
    assertThat(KeyCheck.faultOf(history.of("k"))).isEmpty();
    assertThat(passedOn).as("batches passed on to the leader").isPositive();
    assertThat(prepared).as("instances that were asked for alone").isZero();
  }

  /** All servers, the leader in the middle. */
  private static List<Integer> aroundTheLeader(StoreSim store, long seed) {
    List<Integer> order =
        new ArrayList<>(IntStream.range(0, store.size()).boxed().toList());
    order.remove(Integer.valueOf(store.server(0).host().leader()));
    Collections.shuffle(order, new Random(seed));
    order.add(store.size() / 2, store.server(0).host().leader());
    return order;
  }
}
