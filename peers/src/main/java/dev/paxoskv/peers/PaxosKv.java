package dev.paxoskv.peers;

import dev.paxoskv.client.KvClient;
import dev.paxoskv.client.bench.Target;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Ourselves: one client for each server. */
final class PaxosKv implements Peer {
  @Override
  public List<Target> connect(List<String> servers) {
    List<Target> connections = new ArrayList<>();
    for (int i = 0; i < servers.size(); i++) {
      List<String> order = new ArrayList<>(servers);
      Collections.rotate(order, -i);
      connections.add(new Connection(KvClient.open(order)));
    }
    return connections;
  }

  private record Connection(KvClient client) implements Target {
    @Override
    public CompletableFuture<?> put(byte[] key, byte[] value) {
      return client.putAsync(key, value);
    }

    @Override
    public CompletableFuture<?> get(byte[] key) {
      return client.getAsync(key);
    }

    @Override
    public void close() {
      client.close();
    }
  }
}
