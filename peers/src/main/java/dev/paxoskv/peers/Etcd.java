package dev.paxoskv.peers;

import dev.paxoskv.client.bench.Target;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** One jetcd client for each server; gets are linearizable, as they are by default. */
final class Etcd implements Peer {
  @Override
  public List<Target> connect(List<String> servers) {
    List<Target> connections = new ArrayList<>();
    for (String server : servers) {
      connections.add(
          new Connection(Client.builder().endpoints("http://" + server).build()));
    }
    return connections;
  }

  private record Connection(Client client) implements Target {
    @Override
    public CompletableFuture<?> put(byte[] key, byte[] value) {
      return client.getKVClient().put(ByteSequence.from(key), ByteSequence.from(value));
    }

    @Override
    public CompletableFuture<?> get(byte[] key) {
      return client.getKVClient().get(ByteSequence.from(key));
    }

    @Override
    public void close() {
      client.close();
    }
  }
}
