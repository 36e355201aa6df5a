package dev.paxoskv.paxos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.paxos.net.Address;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A process that stood still: by a collector, a debugger, or a machine that has too much to do. */
class PausedPeerTest {
  private static final long PAUSE_MILLIS = 50L * PaxosNode.TICK_MILLIS;

  /**
   * Ticks that were missed are not made up for. Time would rush then, and a leader resign since the
   * answers to what it asked before its pause look old.
   */
  @Test
  void afterPauseTimeGoesOnAtItsPace() throws Exception {
    try (PaxosNode node =
        new PaxosNode(NodeConfig.library(List.of(new Address("127.0.0.1", 0)), 0))) {
      AtomicInteger ticks = new AtomicInteger();
      node.onTick(ticks::incrementAndGet);
      node.open();
      CountDownLatch never = new CountDownLatch(1);
      long[] ended = new long[1];
      node.ask(host -> {
        ended[0] = pause(never);
        ticks.set(0);
        return null;
      });
      // The loop takes one overdue tick a turn, and no turn is without one while there are any.
      for (int turn = 0; turn < 100; turn++) {
        node.ask(host -> null);
      }
      int counted = node.ask(host -> ticks.get());
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - ended[0]);
      assertThat(counted).isLessThanOrEqualTo(2 + (int) (millis / PaxosNode.TICK_MILLIS));
    }
  }

  private static long pause(CountDownLatch never) {
    try {
      assertThat(never.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)).isFalse();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return System.nanoTime();
  }
}
