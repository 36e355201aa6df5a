package dev.paxoskv.server.door.redis;

import dev.paxoskv.paxos.net.Address;
import dev.paxoskv.server.KvServer;
import dev.paxoskv.server.KvServerConfig;
import dev.paxoskv.sim.tcp.ReservedPorts;
import java.util.ArrayList;
import java.util.List;

/** Servers in memory, each with a Redis door. */
final class RedisServers implements AutoCloseable {
  private final ReservedPorts ports;
  private final List<KvServer> servers = new ArrayList<>();

  RedisServers(int size) {
    ports = new ReservedPorts(size);
    List<Address> peers = ports.addresses();
    for (int me = 0; me < size; me++) {
      KvServerConfig config = KvServerConfig.of(peers, me);
      servers.add(KvServer.open(config.withDoors(config.doors().withRedis(0))));
    }
  }

  /** Where server {@code i} takes Redis's clients in. */
  int port(int i) {
    return servers.get(i).redisPort().orElseThrow();
  }

  int leader() {
    return (int) servers.get(0).status().getLeader();
  }

  /** Ends one server; what it knew is lost. */
  void stop(int i) {
    servers.get(i).close();
  }

  @Override
  public void close() {
    servers.forEach(KvServer::close);
    ports.close();
  }
}
