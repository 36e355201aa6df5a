package dev.paxoskv.peers;

import dev.paxoskv.client.ClientConfig;
import dev.paxoskv.client.KvClient;
import dev.paxoskv.client.ServerStatus;
import dev.paxoskv.client.bench.Target;
import dev.paxoskv.client.group.ClientGroup;
import dev.paxoskv.peers.table.Row;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Ourselves: one client for each server. */
final class PaxosKv implements Peer {
  private static final int TRIES = 10;

  private final ClientGroup group = new ClientGroup(1);
  private List<Connection> connected = List.of();
  private List<String> all = List.of();

  @Override
  public List<? extends Target> connect(List<String> servers) {
    connected = connect(servers, servers.size());
    all = servers;
    return connected;
  }

  /** The servers in turn: connection i asks server i first, and the ones behind it next. */
  @Override
  public List<Connection> connect(List<String> servers, int connections) {
    List<Connection> opened = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      List<String> order = new ArrayList<>(servers);
      Collections.rotate(order, -(i % servers.size()));
      opened.add(new Connection(group.open(ClientConfig.of(order))));
    }
    return opened;
  }

  @Override
  public Map<String, Long> counted(List<Long> pids) throws IOException {
    long messages = 0;
    long syncs = 0;
    long instances = 0;
    int leader = 0;
    for (String server : all) {
      ServerStatus status = statusOf(server);
      messages += status.messagesSent();
      syncs += status.syncs();
      instances = Math.max(instances, status.applied());
      leader = (int) status.leader().orElse(leader);
    }
    Map<String, Long> counted = new HashMap<>();
    counted.put(Row.MESSAGES, messages);
    counted.put(Row.SYNCS, syncs);
    counted.put(Row.INSTANCES, instances);
    counted.put(Row.LEADER_BYTES, Allocation.of(pids.get(leader)));
    long followers = 0;
    for (int i = 0; i < pids.size(); i++) {
      followers += i == leader ? 0 : Allocation.of(pids.get(i));
    }
    counted.put(Row.FOLLOWER_BYTES, followers / (pids.size() - 1));
    return counted;
  }

  /** One that has been started just now, beside many others, may take its time. */
  private ServerStatus statusOf(String server) {
    for (int tries = 1; tries < TRIES; tries++) {
      try {
        return connected.get(0).client().statusOf(server).join();
      } catch (CompletionException e) {
        System.err.println(e.getMessage());
      }
    }
    return connected.get(0).client().statusOf(server).join();
  }

  /** One client. */
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
