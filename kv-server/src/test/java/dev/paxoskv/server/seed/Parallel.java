package dev.paxoskv.server.seed;

import dev.paxoskv.sim.tcp.FaultPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs clients side by side, on a thread each. */
final class Parallel implements AutoCloseable {
  /** What client number {@code index} does. */
  interface Client {
    void run(int index) throws Exception;
  }

  private final ExecutorService threads;
  private final List<Future<?>> running = new ArrayList<>();

  private Parallel(int count) {
    this.threads = Executors.newFixedThreadPool(count);
  }

  /** Runs {@code count} clients to their end; fails if one of them does. */
  static void clients(int count, Client client) throws Exception {
    try (Parallel clients = start(count, client)) {
      clients.join();
    }
  }

  /** Lets {@code count} clients run. */
  static Parallel start(int count, Client client) {
    Parallel clients = new Parallel(count);
    for (int i = 0; i < count; i++) {
      int index = i;
      clients.running.add(clients.threads.submit(() -> {
        client.run(index);
        return null;
      }));
    }
    return clients;
  }

  /** Waits for all of them; fails if one of them does. */
  void join() throws Exception {
    try {
      for (Future<?> future : running) {
        future.get();
      }
    } catch (ExecutionException e) {
      throw new AssertionError("a client failed, seed " + FaultPlan.SEED, e);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
