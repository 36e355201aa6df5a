package dev.paxoskv.client.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonParser;
import dev.paxoskv.server.KvServer;
import dev.paxoskv.server.KvServerConfig;
import dev.paxoskv.sim.tcp.ReservedPorts;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code kv status --json} and the admin door's {@code /status} say the same of a server. */
class StatusTwiceTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @Test
  void bothWaysSayTheSame() throws Exception {
    try (ReservedPorts ports = new ReservedPorts(1);
        KvServer server = KvServer.open(withAdminDoor(ports))) {
      await().until(() -> server.status().getLeader() == 0);
      String address = "127.0.0.1:" + server.port();
      assertThat(kv("--servers=" + address, "status", "--json")).isZero();
      HttpRequest request = HttpRequest.newBuilder(
              URI.create("http://127.0.0.1:" + server.adminPort().orElseThrow() + "/status"))
          .build();
      String page =
          HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();

      assertThat(JsonParser.parseString(page))
          .isEqualTo(JsonParser.parseString(out.toString(UTF_8)));
      assertThat(page).isEqualTo(out.toString(UTF_8));
    }
  }

  private static KvServerConfig withAdminDoor(ReservedPorts ports) {
    KvServerConfig config = KvServerConfig.of(ports.addresses(), 0);
    return config.withDoors(config.doors().withAdmin(0));
  }

  private int kv(String... arguments) {
    PrintStream to = new PrintStream(out, true, UTF_8);
    Surroundings around = new Surroundings(
        new ByteArrayInputStream(new byte[0]), to, System.err, false, UTF_8, Map.of());
    return KvCommand.run(around, arguments);
  }
}
