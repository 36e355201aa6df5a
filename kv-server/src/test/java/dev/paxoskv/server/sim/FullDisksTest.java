package dev.paxoskv.server.sim;

import static dev.paxoskv.server.sim.StoreSim.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.server.sim.history.History;
import dev.paxoskv.server.sim.history.History.Kind;
import dev.paxoskv.server.sim.history.History.Op;
import dev.paxoskv.server.sim.history.History.Outcome;
import dev.paxoskv.server.sim.history.KeyCheck;
import dev.paxoskv.sim.check.Oracle;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Servers tell each other that their disks are full. The name of a failing test is its seed. */
class FullDisksTest {
  private static final int SERVERS = 3;

  /** Much more than the segments at hand can take. */
  private static final int OPERATIONS_MAX = 2000;

  private StoreSim store;
  private History history;
  private int clients;

  static LongStream seeds() {
    // Those that have the servers choose a leader.
    return LongStream.range(0, 20).filter(seed -> seed % 4 < 2);
  }

  private void begin(long seed) {
    List<SimDirectory> directories = IntStream.range(0, SERVERS)
        .mapToObj(me -> new SimDirectory(new SimDirectory.Sizes(32 << 10, 1 << 20, 1 << 20)))
        .toList();
    store = new StoreSim(SERVERS, seed, Oracle.ofMessages(SERVERS, List.of()), directories);
    history = new History(store.simulator());
    store.run(2 * SECOND);
  }

  private SimDirectory directory(int server) {
    return store.server(server).directory().orElseThrow();
  }

  private Op append(int server) {
    SimClerk clerk = store.clerk(Duration.ofMillis(400), server);
    return store.await(history.ask(clerk, clients++, Kind.APPEND, "k"), SECOND);
  }

  /** The disks of two are full: no write is left hanging, and votes have still room. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void withoutAMajorityWithRoomWritesAreRefused(long seed) {
    begin(seed);
    directory(0).disk().capacity(0);
    directory(1).disk().capacity(0);
    Op last = append(2);
    for (int i = 0; i < OPERATIONS_MAX && last.outcome == Outcome.DONE; i++) {
      last = append(2);
    }
    assertThat(last.outcome).isEqualTo(Outcome.NOT_APPLIED);
    assertThat(store.server(2).host().inTheWay()).hasToString("{0, 1}");
    store.run(SECOND);
    for (int server = 0; server < SERVERS; server++) {
      assertThat(append(server).outcome).isEqualTo(Outcome.NOT_APPLIED);
      assertThat(store.server(server).host().driving()).isZero();
    }
    directory(0).disk().capacity(Long.MAX_VALUE);
    store.run(SECOND);
    for (int server = 0; server < SERVERS; server++) {
      assertThat(append(server).outcome).isEqualTo(Outcome.DONE);
    }
    assertThat(KeyCheck.faultOf(history.of("k"))).isEmpty();
  }

  /** The leader's disk is full: another one leads, and writes go on. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aLeaderWithoutRoomHandsOver(long seed) {
    begin(seed);
    int leader = store.server(0).host().leader();
    directory(leader).disk().capacity(0);
    for (int i = 0; i < OPERATIONS_MAX && store.server(leader).host().leader() == leader; i++) {
      assertThat(append((leader + 1) % SERVERS).outcome).isEqualTo(Outcome.DONE);
    }
    // Long before it would have been missed.
    store.run(SECOND / 2);
    int next = store.server(leader).host().leader();
    assertThat(next).isNotNegative().isNotEqualTo(leader);
    assertThat(append((leader + 1) % SERVERS).outcome).isEqualTo(Outcome.DONE);
  }
}
