package dev.paxoskv.peers;

import dev.paxoskv.client.KvClient;
import dev.paxoskv.client.ServerStatus;
import dev.paxoskv.client.bench.Target;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Ourselves: one client for each server. */
final class PaxosKv implements Peer {
  private List<Connection> connected = List.of();
  private List<String> all = List.of();

  @Override
  public List<? extends Target> connect(List<String> servers) {
    List<Connection> connections = new ArrayList<>();
    for (int i = 0; i < servers.size(); i++) {
      List<String> order = new ArrayList<>(servers);
      Collections.rotate(order, -i);
      connections.add(new Connection(KvClient.open(order)));
    }
    connected = connections;
    all = servers;
    return connections;
  }

  @Override
  public Map<String, Long> counted() {
    long messages = 0;
    long syncs = 0;
    for (String server : all) {
      ServerStatus status = connected.get(0).client().statusOf(server).join();
      messages += status.messagesSent();
      syncs += status.syncs();
    }
    return Map.of("messages", messages, "syncs", syncs);
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
