package dev.paxoskv.server.seed;

import dev.paxoskv.client.ClientConfig;
import dev.paxoskv.paxos.net.Address;
import dev.paxoskv.server.KvServer;
import dev.paxoskv.server.KvServerConfig;
import dev.paxoskv.sim.tcp.FaultPlan;
import dev.paxoskv.sim.tcp.FaultPlan.Loss;
import dev.paxoskv.sim.tcp.FaultyTransport;
import dev.paxoskv.sim.tcp.ReservedPorts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Servers of one cluster in this process, on real TCP, with faults between them and their clients.
 */
final class KvCluster implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final FaultPlan faults;
  private final List<KvServer> servers = new ArrayList<>();
  private final List<LossyProxy> proxies = new ArrayList<>();
  private final ReservedPorts ports;
  private volatile boolean isUnreliable;

  KvCluster(int size) {
    this(size, Loss.FAIL_FAST);
  }

  /** Whoever asked, server or client, notices of a loss what {@code loss} says. */
  KvCluster(int size, Loss loss) {
    faults = new FaultPlan(loss);
    ports = new ReservedPorts(size);
    List<Address> peers = ports.addresses();
    for (int me = 0; me < size; me++) {
      FaultyTransport network = new FaultyTransport(me, faults);
      KvServerConfig config = KvServerConfig.of(peers, me).withNetwork(network::around, network);
      servers.add(KvServer.open(config));
      int port = servers.get(me).port();
      proxies.add(new LossyProxy(port, loss, () -> isUnreliable, FaultPlan.SEED * 17 + me));
    }
  }

  FaultPlan faults() {
    return faults;
  }

  int size() {
    return servers.size();
  }

  /** Loses messages between servers, and between clients and servers. */
  void unreliable(boolean isOn) {
    isUnreliable = isOn;
    faults.unreliable(isOn);
  }

  /** A client that asks these servers, in this order. */
  Clerk clerk(int... indexes) {
    List<String> addresses =
        IntStream.of(indexes).mapToObj(i -> proxies.get(i).address()).toList();
    return new Clerk(new ClientConfig(addresses, PATIENCE));
  }

  /** A client that asks all servers, in an order that {@code dice} choose. */
  Clerk clerkOfAll(Random dice) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, size()).boxed().toList());
    Collections.shuffle(order, dice);
    return clerk(order.stream().mapToInt(Integer::intValue).toArray());
  }

  @Override
  public void close() {
    proxies.forEach(LossyProxy::close);
    servers.forEach(KvServer::close);
    ports.close();
  }
}
