package dev.paxoskv.server.sim;

import static dev.paxoskv.server.sim.StoreSim.MILLI;
import static dev.paxoskv.server.sim.StoreSim.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.proto.kv.Command;
import dev.paxoskv.proto.kv.Limit;
import dev.paxoskv.server.machine.Commands;
import dev.paxoskv.server.machine.KvStateMachine;
import dev.paxoskv.server.machine.Result;
import dev.paxoskv.server.service.PendingProbe;
import dev.paxoskv.server.service.ReplyTo;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Very many sessions are opened, written in once and left alone. */
class AbandonedSessionsTest {
  private static final int SESSIONS = 100_000;
  private static final int AT_ONCE = 1000;

  private int opened;

  private final ReplyTo nobody = new ReplyTo() {
    @Override
    public void completed(long number, Result result) {
      opened += result instanceof Result.Opened ? 1 : 0;
    }

    @Override
    public void refused(long number, String reason) {
      throw new AssertionError(reason);
    }

    @Override
    public void retryLater(long number, String reason) {
      throw new AssertionError(reason);
    }

    @Override
    public boolean isOpen() {
      return true;
    }
  };

  @Test
  void aLiveClientAmongThemIsUntouchedAndNoServerKeepsMoreThanTheLimit() {
    StoreSim sim = new StoreSim(3, 0);
    sim.run(2 * SECOND);
    SimClerk live = sim.clerk(Duration.ofSeconds(5), 1, 2);
    StringBuilder expected = new StringBuilder();
    for (int round = 0; round < SESSIONS / AT_ONCE; round++) {
      for (int i = 0; i < AT_ONCE; i++) {
        Command open = Commands.open(round * AT_ONCE + i);
        sim.server(0)
            .input(() -> sim.server(0).service().submit(open, open.toByteString(), nobody));
      }
      CompletableFuture<Void> append = live.append("k", round + ".");
      sim.await(append, 10 * SECOND);
      expected.append(round).append('.');
      sim.run(20 * MILLI);
    }
    sim.run(2 * SECOND);

    assertThat(opened).isEqualTo(SESSIONS);
    assertThat(sim.await(live.get("k"), 10 * SECOND)).isEqualTo(expected.toString());
    for (SimServer server : sim.living()) {
      assertThat(server.state().sessions()).isEqualTo(Limit.SESSIONS_MAX_VALUE);
      assertThat(server.state().hash()).isEqualTo(sim.server(0).state().hash());
      assertThat(PendingProbe.count(server.pending())).isZero();
    }
  }

  @Test
  void theirMemoryLevelsOff() {
    KvStateMachine machine = new KvStateMachine((session, number, result) -> {});
    long first = 0;
    for (int seq = 0; seq < SESSIONS / AT_ONCE; seq++) {
      Command[] commands = new Command[AT_ONCE];
      for (int i = 0; i < AT_ONCE; i++) {
        commands[i] = Commands.open(i);
      }
      machine.apply(seq, Commands.batch(commands));
      if (seq == SESSIONS / AT_ONCE / 5) {
        first = usedBytes();
      }
    }
    long more = usedBytes() - first;
    System.out.println("memory after 100,000 sessions, over that after 20,000: " + more + " bytes");
    assertThat(machine.sessions()).isEqualTo(Limit.SESSIONS_MAX_VALUE);
    // 80,000 that stayed would take more than twice as much.
    assertThat(more).isLessThan(5 << 20);
  }

  private static long usedBytes() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
