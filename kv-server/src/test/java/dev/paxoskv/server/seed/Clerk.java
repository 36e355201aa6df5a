package dev.paxoskv.server.seed;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.paxoskv.client.ClientConfig;
import dev.paxoskv.client.KvClient;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A client that speaks text, and reads a missing key as empty, as the course's does. */
final class Clerk implements AutoCloseable {
  private final KvClient client;

  Clerk(ClientConfig config) {
    this.client = KvClient.open(config);
  }

  void put(String key, String value) {
    client.put(key.getBytes(UTF_8), value.getBytes(UTF_8));
  }

  void append(String key, String value) {
    client.append(key.getBytes(UTF_8), value.getBytes(UTF_8));
  }

  String get(String key) {
    return text(client.get(key.getBytes(UTF_8)));
  }

  CompletableFuture<Void> putLater(String key, String value) {
    return client.putAsync(key.getBytes(UTF_8), value.getBytes(UTF_8));
  }

  CompletableFuture<String> getLater(String key) {
    return client.getAsync(key.getBytes(UTF_8)).thenApply(Clerk::text);
  }

  KvClient client() {
    return client;
  }

  @Override
  public void close() {
    client.close();
  }

  private static String text(Optional<byte[]> value) {
    return value.map(bytes -> new String(bytes, UTF_8)).orElse("");
  }
}
