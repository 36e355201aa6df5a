package dev.paxoskv.server.door.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.paxoskv.client.KvClient;
import dev.paxoskv.server.KvServer;
import dev.paxoskv.server.KvServerConfig;
import dev.paxoskv.sim.tcp.ReservedPorts;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One server, and visitors of all kinds. */
class AdminDoorTest {
  private final ReservedPorts ports = new ReservedPorts(1);
  private final KvServerConfig config = KvServerConfig.of(ports.addresses(), 0);
  private final KvServer server = KvServer.open(config.withDoors(config.doors().withAdmin(0)));
  private final int port = server.adminPort().orElseThrow();
  private final Visitor visitor = new Visitor(port);

  @AfterEach
  void close() {
    server.close();
    ports.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/livez", "/readyz", "/metrics", "/status", "/status?x=y"})
  void aHealthyServerShowsEveryPage(String path) {
    await().untilAsserted(() -> assertThat(visitor.statusOf(path)).isEqualTo(200));
  }

  @Test
  void otherPathsAndMethodsAreTurnedAway() throws Exception {
    assertThat(visitor.statusOf("/")).isEqualTo(404);
    assertThat(visitor.statusOf("/metrics/")).isEqualTo(404);
    HttpResponse<String> posted = visitor.ask("POST", "/metrics");
    assertThat(posted.statusCode()).isEqualTo(405);
    assertThat(posted.headers().firstValue("Allow")).contains("GET, HEAD");
    assertThat(visitor.ask("DELETE", "/nowhere").statusCode()).isEqualTo(405);
  }

  @Test
  void anAddressInFrontOfThePathIsPassedOver() throws Exception {
    for (String target : new String[] {"http://a.b:1/livez", "http://a.b/livez?x=http://y"}) {
      assertThat(answerToAll("GET " + target + " HTTP/1.1\r\nHost: a.b\r\n\r\n"))
          .startsWith("HTTP/1.1 200 OK");
    }
    assertThat(answerToAll("GET http://a.b HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 404 ");
    assertThat(answerToAll("GET /a://b/livez HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 404 ");
  }

  /** A connection that is closed with unread bytes is reset, which may overtake the answer. */
  @Test
  void whoSendsABodyGetsTheWholeAnswerAndAnEnd() throws IOException {
    String body = "x".repeat(1 << 20);
    String head = "POST /livez HTTP/1.1\r\nContent-Length: " + body.length() + "\r\n\r\n";
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write((head + body).getBytes(UTF_8));
      String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
      assertThat(answer).startsWith("HTTP/1.1 405 ").contains("only GET and HEAD are answered");
    }
  }

  /** As many a load balancer asks. */
  @Test
  void headIsAnsweredAsGetIsButWithoutTheBody() throws Exception {
    HttpResponse<String> answer = visitor.ask("HEAD", "/livez");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Length")).contains("6");
    assertThat(answer.body()).isEmpty();
    assertThat(visitor.ask("HEAD", "/nowhere").statusCode()).isEqualTo(404);
  }

  @Test
  void whoHasSaidAllGetsTheAnswer() throws Exception {
    assertThat(answerToAll("GET /livez HTTP/1.1\r\n\r\n"))
        .startsWith("HTTP/1.1 200 OK")
        .endsWith("alive\n");
    assertThat(answerToAll("GET /livez HT")).as("half a request").isEmpty();
  }

  @Test
  void aRequestWithoutEndIsCutShort() throws Exception {
    assertThat(answerTo("GET /" + "x".repeat(5000) + " HTTP/1.1\r\n\r\n")).contains(" 400 ");
    assertThat(answerTo("GET /livez HTTP/1.1\r\n" + "H: " + "x".repeat(20_000) + "\r\n\r\n"))
        .contains(" 400 ");
    assertThat(answerTo("\u0001\u0002\r\n\r\n")).contains(" 400 ");
  }

  @Test
  void idleVisitorsKeepNobodyOut() throws Exception {
    List<Socket> idle = new ArrayList<>();
    try {
      for (int i = 0; i < AdminDoor.VISITORS_MAX; i++) {
        idle.add(new Socket(InetAddress.getLoopbackAddress(), port));
      }
      for (int i = 0; i < 3; i++) {
        assertThat(visitor.statusOf("/livez")).isEqualTo(200);
      }
      assertThat(idle.get(0).getInputStream().read()).isEqualTo(-1);
    } finally {
      for (Socket socket : idle) {
        socket.close();
      }
    }
  }

  @Test
  void everyRequestIsCounted() throws Exception {
    await().until(() -> metrics().value("paxoskv_leader_changes_total") == 1);
    try (KvClient client = KvClient.open(List.of("127.0.0.1:" + server.port()))) {
      client.put("k".getBytes(UTF_8), "v".getBytes(UTF_8));
      client.append("k".getBytes(UTF_8), "w".getBytes(UTF_8));
      client.get("k".getBytes(UTF_8));
      client.get("other".getBytes(UTF_8));

      PrometheusText text = metrics();
      assertThat(text.value("paxoskv_requests_total", "kind", "put", "outcome", "done"))
          .isEqualTo(1);
      assertThat(text.value("paxoskv_requests_total", "kind", "append", "outcome", "done"))
          .isEqualTo(1);
      assertThat(text.value("paxoskv_requests_total", "kind", "get", "outcome", "done"))
          .isEqualTo(2);
      assertThat(text.value("paxoskv_request_duration_seconds_count", "kind", "get"))
          .isEqualTo(2);
      assertThat(text.value("paxoskv_request_duration_seconds_sum", "kind", "put"))
          .isPositive()
          .isLessThan(10);
      // The session came first.
      assertThat(text.value("paxoskv_batch_commands_count")).isEqualTo(3);
      assertThat(text.value("paxoskv_keys")).isEqualTo(1);
      assertThat(text.value("paxoskv_sessions")).isEqualTo(1);
      assertThat(text.value("paxoskv_client_connections")).isEqualTo(1);
      assertThat(text.value("paxoskv_applied")).isEqualTo(2);
      assertThat(text.value("paxoskv_serving")).isEqualTo(1);
      assertThat(text.value("paxoskv_leader")).isZero();
      assertThat(text.value("paxoskv_leading")).isEqualTo(1);
      assertThat(text.value("jvm_memory_used_bytes", "id", "Metaspace")).isPositive();
    }
  }

  @Test
  void syncsAreTimed(@TempDir Path directory) throws Exception {
    try (ReservedPorts own = new ReservedPorts(1);
        KvServer durable = KvServer.open(KvServerConfig.of(own.addresses(), 0)
            .withDoors(config.doors().withAdmin(0))
            .withDataDir(directory));
        KvClient client = KvClient.open(List.of("127.0.0.1:" + durable.port()))) {
      client.put("k".getBytes(UTF_8), "v".getBytes(UTF_8));
      Visitor other = new Visitor(durable.adminPort().orElseThrow());
      PrometheusText text = PrometheusText.parse(other.get("/metrics").body());
      assertThat(text.value("paxoskv_sync_duration_seconds_count")).isPositive();
      assertThat(text.value("paxoskv_sync_duration_seconds_sum")).isPositive();
    }
  }

  @Test
  void aPortInUseIsNamed() {
    try (ReservedPorts own = new ReservedPorts(1)) {
      KvServerConfig second =
          KvServerConfig.of(own.addresses(), 0).withDoors(config.doors().withAdmin(port));
      assertThatThrownBy(() -> KvServer.open(second))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("cannot listen at 127.0.0.1:" + port);
    }
  }

  @Test
  void withoutAPortThereIsNoDoor() {
    try (ReservedPorts own = new ReservedPorts(1);
        KvServer plain = KvServer.open(KvServerConfig.of(own.addresses(), 0))) {
      assertThat(plain.adminPort()).isEmpty();
    }
  }

  private PrometheusText metrics() throws IOException, InterruptedException {
    return PrometheusText.parse(visitor.get("/metrics").body());
  }

  private String answerToAll(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write(request.getBytes(UTF_8));
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  private String answerTo(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write(request.getBytes(UTF_8));
      InputStream in = socket.getInputStream();
      return new String(in.readNBytes(30), UTF_8);
    }
  }
}
