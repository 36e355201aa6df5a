package dev.paxoskv.peers;

import dev.paxoskv.client.bench.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;

/**
 * One session at each server. A put sets a node's data, and makes the node the first time. A get is
 * a sync and a read behind it, which is as fresh as it gets.
 */
final class Zookeeper implements Peer {
  private static final int SESSION_MILLIS = 30_000;

  @Override
  public List<Target> connect(List<String> servers) throws IOException, InterruptedException {
    List<Target> connections = new ArrayList<>();
    for (String server : servers) {
      CountDownLatch connected = new CountDownLatch(1);
      ZooKeeper session = new ZooKeeper(server, SESSION_MILLIS, event -> {
        if (event.getState() == KeeperState.SyncConnected) {
          connected.countDown();
        }
      });
      connected.await();
      connections.add(new Session(session));
    }
    return connections;
  }

  private record Session(ZooKeeper session) implements Target {
    @Override
    public CompletableFuture<?> put(byte[] key, byte[] value) {
      CompletableFuture<Object> result = new CompletableFuture<>();
      String path = path(key);
      session.setData(
          path,
          value,
          -1,
          (code, node, context, stat) -> {
            if (code == Code.NONODE.intValue()) {
              create(path, value, result);
            } else {
              end(code, result);
            }
          },
          null);
      return result;
    }

    private void create(String path, byte[] value, CompletableFuture<Object> result) {
      session.create(
          path,
          value,
          Ids.OPEN_ACL_UNSAFE,
          CreateMode.PERSISTENT,
          (code, node, context, name) ->
              // Made by another operation meanwhile: its value, or ours, is the same to a load.
              end(code == Code.NODEEXISTS.intValue() ? 0 : code, result),
          null);
    }

    @Override
    public CompletableFuture<?> get(byte[] key) {
      CompletableFuture<Object> result = new CompletableFuture<>();
      String path = path(key);
      session.sync(path, (code, node, context) -> {}, null);
      session.getData(
          path,
          false,
          (code, node, context, data, stat) ->
              end(code == Code.NONODE.intValue() ? 0 : code, result),
          null);
      return result;
    }

    private static String path(byte[] key) {
      return "/" + new String(key, StandardCharsets.US_ASCII);
    }

    private static void end(int code, CompletableFuture<Object> result) {
      if (code == 0) {
        result.complete("done");
      } else {
        result.completeExceptionally(KeeperException.create(Code.get(code)));
      }
    }

    @Override
    public void close() {
      try {
        session.close();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
