package dev.paxoskv.server.sim;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.paxoskv.client.KvClient;
import dev.paxoskv.server.sim.history.History;
import dev.paxoskv.sim.Simulator;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A client that speaks text, and reads a missing key as empty, as the course's does. */
final class SimClerk implements History.Asker {
  private final Simulator simulator;
  private final KvClient client;

  SimClerk(Simulator simulator, KvClient client) {
    this.simulator = simulator;
    this.client = client;
  }

  @Override
  public CompletableFuture<Void> put(String key, String value) {
    return client.putAsync(key.getBytes(UTF_8), value.getBytes(UTF_8));
  }

  @Override
  public CompletableFuture<Void> append(String key, String value) {
    return client.appendAsync(key.getBytes(UTF_8), value.getBytes(UTF_8));
  }

  @Override
  public CompletableFuture<String> get(String key) {
    return client
        .getAsync(key.getBytes(UTF_8))
        .thenApply(found -> found.map(bytes -> new String(bytes, UTF_8)).orElse(""));
  }

  /** Whether it was set, as its value was {@code expected}, or none. */
  CompletableFuture<Boolean> compareAndSet(String key, Optional<String> expected, String value) {
    return client.compareAndSetAsync(
        key.getBytes(UTF_8), expected.map(text -> text.getBytes(UTF_8)), value.getBytes(UTF_8));
  }

  /** Whether there was a value. */
  CompletableFuture<Boolean> delete(String key) {
    return client.deleteAsync(key.getBytes(UTF_8));
  }

  /** What the key holds; empty if it has no value. */
  CompletableFuture<Optional<String>> find(String key) {
    return client
        .getAsync(key.getBytes(UTF_8))
        .thenApply(found -> found.map(bytes -> new String(bytes, UTF_8)));
  }

  /** Comes after {@code micros}. */
  CompletableFuture<Void> pause(long micros) {
    CompletableFuture<Void> over = new CompletableFuture<>();
    simulator.after(micros, () -> over.complete(null));
    return over;
  }

  void close() {
    client.close();
  }
}
