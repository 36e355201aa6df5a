package dev.paxoskv.peers;

import com.alipay.sofa.jraft.RouteTable;
import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.error.RemotingException;
import com.alipay.sofa.jraft.option.CliOptions;
import com.alipay.sofa.jraft.rpc.impl.cli.CliClientServiceImpl;
import dev.paxoskv.client.bench.Target;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;

/** One connection, to the leader: its followers take no requests. */
final class Jraft implements Peer {
  private static final int TIMEOUT_MILLIS = 10_000;
  private static final int TRIES = 100;
  private static final int PAUSE_MILLIS = 300;

  @Override
  public List<Target> connect(List<String> servers)
      throws IOException, InterruptedException, TimeoutException {
    Configuration group = new Configuration();
    group.parse(String.join(",", servers));
    RouteTable routes = RouteTable.getInstance();
    routes.updateConfiguration(JraftServer.GROUP, group);
    CliClientServiceImpl client = new CliClientServiceImpl();
    client.init(new CliOptions());
    PeerId leader = leader(routes, client);
    return List.of(new Connection(client, leader));
  }

  /** Servers that have just been started have none for a moment. */
  private static PeerId leader(RouteTable routes, CliClientServiceImpl client)
      throws IOException, InterruptedException, TimeoutException {
    for (int tries = 0; tries < TRIES; tries++) {
      boolean isKnown =
          routes.refreshLeader(client, JraftServer.GROUP, TIMEOUT_MILLIS).isOk();
      PeerId leader = routes.selectLeader(JraftServer.GROUP);
      if (isKnown && leader != null) {
        return leader;
      }
      Thread.sleep(PAUSE_MILLIS);
    }
    throw new IOException("the servers have no leader");
  }

  private record Connection(CliClientServiceImpl client, PeerId leader) implements Target {
    @Override
    public CompletableFuture<?> put(byte[] key, byte[] value) {
      return send(JraftRequest.put(key, value));
    }

    @Override
    public CompletableFuture<?> get(byte[] key) {
      return send(JraftRequest.get(key));
    }

    private CompletableFuture<?> send(JraftRequest request) {
      CompletableFuture<Object> result = new CompletableFuture<>();
      try {
        client
            .getRpcClient()
            .invokeAsync(
                leader.getEndpoint(),
                request,
                (reply, failure) -> end(reply, failure, result),
                TIMEOUT_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        result.completeExceptionally(e);
      } catch (RemotingException e) {
        result.completeExceptionally(e);
      }
      return result;
    }

    private static void end(
        Object reply,
        @org.jspecify.annotations.Nullable Throwable failure,
        CompletableFuture<Object> result) {
      if (failure != null) {
        result.completeExceptionally(failure);
      } else if (reply instanceof JraftRequest.Reply answer && !answer.error().isEmpty()) {
        result.completeExceptionally(new IOException(answer.error()));
      } else {
        result.complete("done");
      }
    }

    @Override
    public void close() {
      client.shutdown();
    }
  }
}
