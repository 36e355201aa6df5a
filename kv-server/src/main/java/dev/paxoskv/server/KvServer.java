package dev.paxoskv.server;

import dev.paxoskv.paxos.NodeConfig;
import dev.paxoskv.paxos.PaxosNode;
import dev.paxoskv.paxos.host.Host;
import dev.paxoskv.paxos.net.Address;
import dev.paxoskv.paxos.protocol.Quorum;
import dev.paxoskv.proto.kv.ServerStatus;
import dev.paxoskv.server.door.ClientDoor;
import dev.paxoskv.server.service.KvService;
import dev.paxoskv.server.service.Pending;
import io.netty.channel.Channel;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * One server of the store, in this process: a Paxos peer, the replicated state, and a door for
 * clients, all on one event loop. Keeps its state in memory.
 */
public final class KvServer implements AutoCloseable {
  /** How often a server asks another for decisions that it missed, in ticks. */
  static final int CATCH_UP_TICKS = 10;

  /** A server not heard from for so long is not counted as seen. */
  private static final long SEEN_MILLIS = 2000;

  private final KvServerConfig config;
  private final PaxosNode node;
  private final Storage storage;
  private final DiskHealth disk;
  private final KvService service;
  private final ClientDoor door;

  private KvServer(KvServerConfig config) {
    this.config = config;
    Pending pending = new Pending();
    this.storage = new Storage(config.me(), pending);
    this.node = new PaxosNode(new NodeConfig(
        config.peers(),
        config.me(),
        config.listen(),
        config.dial(),
        CATCH_UP_TICKS,
        Optional.of(storage),
        Optional.of(channel -> acceptClient(channel)),
        config.network(),
        config.observer(),
        true,
        config.dataDir()));
    storage.attach(node);
    this.disk = new DiskHealth(node::hasRoom, node::diskBusyNanos);
    this.service = new KvService(
        node.host(),
        pending,
        new SplittableRandom(new SecureRandom().nextLong()),
        disk,
        storage.machine()::get);
    this.door = new ClientDoor(service, this::statusNow, node::flushSoon);
    node.onTick(service::tick);
    node.onTick(disk::tick);
    node.onTick(() -> storage.tick(node.host().retainedBytes()));
    node.beforeFlush(service::propose);
    node.afterFlush(this::afterFlush);
  }

  /**
   * Starts a server; returns when it listens.
   *
   * @throws RuntimeException of Netty's if the address cannot be listened at
   */
  public static KvServer open(KvServerConfig config) {
    KvServer server = new KvServer(config);
    server.node.stopped().whenComplete((stopped, why) -> server.storage.close());
    server.node.open();
    return server;
  }

  /** The port listened at. */
  public int port() {
    return node.port();
  }

  /** How this server is. Thread-safe. */
  public ServerStatus status() {
    return node.ask(host -> statusNow());
  }

  /** Completes when the server has stopped; exceptionally if it stopped itself for safety. */
  public CompletableFuture<Void> stopped() {
    return node.stopped();
  }

  @Override
  public void close() {
    // First what works in the data directory, then its lock.
    storage.close();
    node.close();
  }

  private void acceptClient(Channel channel) {
    door.accept(channel);
  }

  private void afterFlush() {
    if (service.settle()) {
      node.flushSoon();
    }
    door.flush();
  }

  private ServerStatus statusNow() {
    Host host = node.host();
    List<Integer> seen = node.network().heardWithin(SEEN_MILLIS);
    ServerStatus.Builder status = ServerStatus.newBuilder()
        .setIndex(config.me())
        .setApplied(host.applied())
        .setMin(host.min())
        .setMax(host.max())
        .setLeader(host.leader())
        .addAllMembersSeen(
            IntStream.concat(IntStream.of(config.me()), seen.stream().mapToInt(i -> i))
                .sorted()
                .boxed()
                .toList())
        .setStateHash(storage.machine().hash())
        .setMessagesSent(node.network().sent())
        .setSyncs(node.syncs())
        .setNotServing(notServing(seen.size() + 1));
    config.peers().stream().map(Address::toString).forEach(status::addPeers);
    return status.build();
  }

  private String notServing(int seen) {
    Optional<String> fault = disk.fault();
    if (fault.isPresent()) {
      return fault.get();
    }
    List<Integer> awaited = node.host().members().waitingFor();
    if (!awaited.isEmpty()) {
      return "may not vote before more servers know this start of it; waits for " + awaited;
    }
    Quorum quorum = new Quorum(config.peers().size());
    if (seen >= quorum.size()) {
      return "";
    }
    List<String> refusals = node.network().refusals();
    String why = refusals.isEmpty() ? "" : ": " + String.join("; ", refusals);
    return "no majority: " + seen + " of " + quorum.peers() + " servers seen" + why;
  }
}
