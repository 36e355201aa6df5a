package dev.paxoskv.client.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.paxoskv.paxos.net.Address;
import dev.paxoskv.server.KvServer;
import dev.paxoskv.server.KvServerConfig;
import dev.paxoskv.sim.tcp.FaultPlan;
import dev.paxoskv.sim.tcp.FaultyTransport;
import dev.paxoskv.sim.tcp.ReservedPorts;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code kv explain} at three real servers, one of which may be cut off. */
class ExplainTest {
  private final FaultPlan faults = new FaultPlan(FaultPlan.Loss.SILENT);
  private final ReservedPorts ports = new ReservedPorts(3);
  private final List<KvServer> servers = new ArrayList<>();
  private final Shell shell =
      new Shell(ports.addresses().stream().map(Address::toString).collect(Collectors.joining(",")));

  @BeforeEach
  void open() {
    List<Address> peers = ports.addresses();
    for (int me = 0; me < peers.size(); me++) {
      FaultyTransport network = new FaultyTransport(me, faults);
      servers.add(
          KvServer.open(KvServerConfig.of(peers, me).withNetwork(network::around, network)));
    }
    await().until(() -> servers.stream().allMatch(server -> server.status().getLeader() >= 0));
  }

  @AfterEach
  void close() {
    servers.forEach(KvServer::close);
    ports.close();
  }

  @Test
  void aWriteIsFoundByItsKey() {
    // Kept for the last server to hear of it: what all are done with is forgotten.
    faults.partition(new int[] {0, 1}, new int[] {2});
    assertThat(shell.kv("put", "k", "v")).isZero();
    assertThat(shell.kv("explain", "k")).isZero();
    assertThat(shell.out())
        .startsWith("instance ")
        .contains(": decided, ", " bytes, checksum ")
        .contains("server 0: decided, promised ", "server 2: pending")
        .contains("no more can be forgotten before server 2 is done");
    assertThat(shell.kv("explain", "nobody wrote this")).isEqualTo(1);
  }

  @Test
  void aServerWithoutOthersSaysWhomItWaitsFor() {
    faults.partition(new int[] {0}, new int[] {1}, new int[] {2});
    // Not even its session is opened, so it was never sent.
    assertThat(shell.kv("--timeout=1s", "put", "k", "v")).isEqualTo(4);
    long seq =
        servers.stream().mapToLong(server -> server.status().getMax()).max().orElse(0);
    assertThat(shell.kv("explain", "" + seq)).isZero();
    assertThat(shell.out())
        .contains("instance " + seq + ": not decided", "proposes: ")
        .contains("a majority is 2 of 3", "forgotten before servers 0,1,2 are done with 0");
  }

  @Test
  void ofAKeyThatNobodyIsThereToLookUpNothingIsSaid() {
    servers.forEach(KvServer::close);
    assertThat(shell.kv("--timeout=1s", "explain", "k")).isEqualTo(4);
    assertThat(shell.out()).isEmpty();
    assertThat(shell.err())
        .isEqualTo("not applied: no server answers; start them or name others\n");
  }

  @Test
  void whatHasNotBegunAndWhoIsSilent() {
    servers.get(2).close();
    assertThat(shell.kv("explain", "--json", "1000000")).isZero();
    JsonObject document = JsonParser.parseString(shell.out()).getAsJsonObject();
    assertThat(document.get("verdict").getAsString()).startsWith("not begun");
    JsonObject silent = document.getAsJsonArray("servers").get(2).getAsJsonObject();
    assertThat(silent.get("reachable").getAsBoolean()).isFalse();
    assertThat(silent.get("silence").getAsString()).isNotEmpty();
  }
}
