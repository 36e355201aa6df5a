package dev.paxoskv.server.seed;

import dev.paxoskv.sim.tcp.FaultPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs clients side by side. */
final class Parallel {
  private Parallel() {}

  /** What client number {@code index} does. */
  interface Client {
    void run(int index) throws Exception;
  }

  /** Runs {@code count} clients on a thread each; fails if one of them does. */
  static void clients(int count, Client client) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(count);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int index = i;
        running.add(threads.submit(() -> {
          client.run(index);
          return null;
        }));
      }
      for (Future<?> future : running) {
        future.get();
      }
    } catch (ExecutionException e) {
      throw new AssertionError("a client failed, seed " + FaultPlan.SEED, e);
    } finally {
      threads.shutdownNow();
    }
  }
}
