package dev.paxoskv.server;

import dev.paxoskv.paxos.NodeConfig;
import dev.paxoskv.paxos.PaxosNode;
import dev.paxoskv.paxos.net.Address;
import dev.paxoskv.paxos.protocol.Invariants;
import dev.paxoskv.paxos.protocol.Quorum;
import dev.paxoskv.proto.kv.ServerStatus;
import dev.paxoskv.server.backup.Backups;
import dev.paxoskv.server.door.ClientDoor;
import dev.paxoskv.server.door.admin.AdminDoor;
import dev.paxoskv.server.door.admin.Inside;
import dev.paxoskv.server.door.admin.PeerProgress;
import dev.paxoskv.server.door.redis.RedisDoor;
import dev.paxoskv.server.explain.Explainer;
import dev.paxoskv.server.service.KvService;
import dev.paxoskv.server.service.Pending;
import dev.paxoskv.server.service.RequestMeter;
import io.netty.channel.Channel;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/**
 * One server of the store, in this process: a Paxos peer, the replicated state, and a door for
 * clients, all on one event loop.
 */
public final class KvServer implements AutoCloseable {
  /** How often a server asks another for decisions that it missed, in ticks. */
  static final int CATCH_UP_TICKS = 10;

  private final PaxosNode node;
  private final Storage storage;
  private final ServerView view;
  private final KvService service;
  private final ClientDoor door;
  private final RedisDoor redis;
  private final StepClock clock = new StepClock();
  private final Inside inside;
  private Optional<AdminDoor> admin = Optional.empty();
  private OptionalInt redisPort = OptionalInt.empty();

  private KvServer(KvServerConfig config, long snapshotEveryBytes) {
    RequestMeter meter = new RequestMeter(clock);
    Pending pending = new Pending(meter);
    PeerProgress peers = new PeerProgress(config.peers().size(), config.observer());
    this.storage =
        new Storage(config.me(), new Quorum(config.peers().size()), pending, snapshotEveryBytes);
    this.node = new PaxosNode(new NodeConfig(
        config.peers(),
        config.me(),
        config.listen(),
        config.dial(),
        CATCH_UP_TICKS,
        Optional.of(storage),
        Optional.of(channel -> acceptClient(channel)),
        config.network(),
        peers,
        true,
        config.dataDir()));
    storage.attach(node);
    DiskHealth disk = new DiskHealth(node.disk()::hasRoom, node.disk()::busyNanos);
    Events events = new Events(node);
    this.view = new ServerView(config, node, storage, disk);
    this.service = new KvService(
        node.host(),
        pending,
        new SplittableRandom(new SecureRandom().nextLong()),
        disk,
        storage::machine);
    Backups backups = new Backups(node.host(), storage.backups(), node.cluster(), node::flushSoon);
    this.door = new ClientDoor(
        service, view::status, new Explainer(node.host())::explain, backups::ask, node::flushSoon);
    this.redis = new RedisDoor(
        service, () -> storage.machine().keys(), view::status, node::flushSoon, new SecureRandom());
    this.inside = new Inside(
        node, service, meter, door, storage::machine, peers, events::leaderChanges, view::status);
    node.onTick(service::tick);
    node.onTick(redis::tick);
    node.onTick(backups::tick);
    node.onTick(disk::tick);
    node.onTick(events::tick);
    node.onTick(() -> storage.tick(node.disk().hasRoom()));
    node.beforeFlush(clock::goOn);
    node.beforeFlush(service::propose);
    node.afterFlush(this::afterFlush);
  }

  /**
   * Starts a server; returns when it listens.
   *
   * @throws java.io.UncheckedIOException if the address cannot be listened at, or the data
   *     directory not used
   * @throws IllegalStateException if the server has stopped itself for safety meanwhile; says why
   */
  public static KvServer open(KvServerConfig config) {
    return open(config, Storage.SNAPSHOT_EVERY_BYTES);
  }

  /** One that saves its state more often, so that a test need not write much. */
  static KvServer open(KvServerConfig config, long snapshotEveryBytes) {
    return listening(config, snapshotEveryBytes).withDoors(config);
  }

  /** One that takes part, its doors beside the first not open yet. */
  static KvServer listening(KvServerConfig config, long snapshotEveryBytes) {
    KvServer server = new KvServer(config, snapshotEveryBytes);
    server.node.stopped().whenComplete((stopped, why) -> server.storage.close());
    server.node.open();
    return server;
  }

  /** This one, with the other doors open too. */
  KvServer withDoors(KvServerConfig config) {
    try {
      if (fault().isEmpty()) {
        openDoors(config);
      }
    } catch (RuntimeException | Error e) {
      if (fault().isEmpty()) {
        close();
        throw e;
      }
      // A server that stops cannot open doors; why it stops is the news.
    }
    Optional<Throwable> fault = fault();
    if (fault.isPresent()) {
      close();
      throw new IllegalStateException(
          "stopped for safety: " + fault.get().getMessage(), fault.get());
    }
    return this;
  }

  /** Why it has stopped itself; empty if it has not. */
  private Optional<Throwable> fault() {
    return Optional.ofNullable(node.stopped().handle((stopped, why) -> why).getNow(null));
  }

  private void openDoors(KvServerConfig config) {
    String host = config.listen().host();
    OptionalInt forOperators = config.doors().admin();
    if (forOperators.isPresent()) {
      admin = Optional.of(AdminDoor.open(new Address(host, forOperators.getAsInt()), inside));
    }
    OptionalInt forRedis = config.doors().redis();
    if (forRedis.isPresent()) {
      Address address = new Address(host, forRedis.getAsInt());
      redisPort = OptionalInt.of(node.network().listenBeside(address, redis::accept));
    }
  }

  /** The peer that it is. */
  PaxosNode node() {
    return node;
  }

  /** The port listened at. */
  public int port() {
    return node.port();
  }

  /** The port of the door for operators; empty if there is none. */
  public OptionalInt adminPort() {
    return admin.map(open -> OptionalInt.of(open.port())).orElse(OptionalInt.empty());
  }

  /** The port of the door for Redis's protocol; empty if there is none. */
  public OptionalInt redisPort() {
    return redisPort;
  }

  /** How this server is. Thread-safe. */
  public ServerStatus status() {
    return node.ask(host -> view.status());
  }

  /** Completes when the server has stopped; exceptionally if it stopped itself for safety. */
  public CompletableFuture<Void> stopped() {
    return node.stopped();
  }

  @Override
  public void close() {
    admin.ifPresent(AdminDoor::close);
    // First what works in the data directory, then its lock.
    storage.close();
    node.close();
  }

  private void acceptClient(Channel channel) {
    door.accept(channel);
  }

  private void afterFlush() {
    // Before anything that the state came to leaves for a client.
    Optional<String> fault = storage.machine().comparison().fault();
    Invariants.check(fault.isEmpty(), fault::orElseThrow);
    if (service.settle()) {
      node.flushSoon();
    }
    door.flush();
    redis.flush();
    clock.goOn();
  }
}
