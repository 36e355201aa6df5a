package dev.paxoskv.server.door.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paxoskv.paxos.net.Address;
import dev.paxoskv.server.KvServer;
import dev.paxoskv.server.KvServerConfig;
import dev.paxoskv.sim.tcp.FaultPlan;
import dev.paxoskv.sim.tcp.FaultyTransport;
import dev.paxoskv.sim.tcp.ReservedPorts;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Three real servers, one of which is cut off. */
class ReadinessTest {
  private static final Duration SOON = Duration.ofSeconds(2);

  private final FaultPlan faults = new FaultPlan(FaultPlan.Loss.SILENT);
  private final ReservedPorts ports = new ReservedPorts(3);
  private final List<KvServer> servers = new ArrayList<>();
  private final List<Visitor> visitors = new ArrayList<>();

  @BeforeEach
  void open() {
    List<Address> peers = ports.addresses();
    for (int me = 0; me < peers.size(); me++) {
      FaultyTransport network = new FaultyTransport(me, faults);
      KvServerConfig config = KvServerConfig.of(peers, me).withNetwork(network::around, network);
      servers.add(KvServer.open(config.withDoors(config.doors().withAdmin(0))));
      visitors.add(new Visitor(servers.get(me).adminPort().orElseThrow()));
    }
    visitors.forEach(visitor -> await().until(() -> visitor.statusOf("/readyz") == 200));
  }

  @AfterEach
  void close() {
    servers.forEach(KvServer::close);
    ports.close();
  }

  @Test
  void aServerCutFromTheMajorityIsNotReadyUntilThatIsHealed() throws Exception {
    faults.partition(new int[] {0}, new int[] {1, 2});
    long toNotReady = millisUntil(503);
    assertThat(visitors.get(0).get("/readyz").body()).startsWith("not ready: no majority");
    assertThat(visitors.get(0).statusOf("/livez")).isEqualTo(200);
    // The others first have to find a leader, if it was the one that is gone.
    await().until(() -> visitors.get(1).statusOf("/readyz") == 200);
    await().until(() -> peerAnswers(1, 0) == 0 && peerAnswers(1, 2) == 1);

    faults.heal();
    long toReady = millisUntil(200);
    await().until(() -> peerAnswers(1, 0) == 1);
    System.out.println("/readyz of a server that was cut off: 503 after " + toNotReady + " ms, 200 "
        + toReady + " ms after healing");
  }

  @Test
  void oneThatIsHeardButHearsNobodyIsNotReady() throws Exception {
    faults.deafen(1);
    faults.deafen(2);
    long toNotReady = millisUntil(503);
    assertThat(visitors.get(0).get("/readyz").body()).startsWith("not ready: no majority answers");
    System.out.println("/readyz of a server that hears nobody: 503 after " + toNotReady + " ms");
  }

  /** How long server 0 takes to answer so, which must be soon. */
  private long millisUntil(int status) {
    long began = System.nanoTime();
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .atMost(SOON)
        .until(() -> visitors.get(0).statusOf("/readyz") == status);
    return Duration.ofNanos(System.nanoTime() - began).toMillis();
  }

  private double peerAnswers(int server, int peer) throws IOException, InterruptedException {
    String text = visitors.get(server).get("/metrics").body();
    return PrometheusText.parse(text).value("paxoskv_peer_answers", "peer", "" + peer);
  }
}
