package dev.paxoskv.server.door.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.paxoskv.server.KvServer;
import dev.paxoskv.server.KvServerConfig;
import dev.paxoskv.sim.tcp.ReservedPorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What operators are given speaks of metrics that there are. */
class OperationsFilesTest {
  private static final Path OPERATIONS = Path.of("..", "ops");
  private static final Path MANUAL = Path.of("..", "docs", "operations.md");
  private static final Pattern NAME = Pattern.compile("\\b(paxoskv|jvm|process|system)_[a-z_]+");

  @ParameterizedTest
  @ValueSource(strings = {"alerts.yml", "grafana-dashboard.json"})
  void everyNameIsShownByAServer(String file) throws Exception {
    Set<String> used = names(Files.readString(OPERATIONS.resolve(file)));
    assertThat(used).hasSizeGreaterThan(10);
    assertThat(shown()).containsAll(used);
  }

  @Test
  void everyNameOfTheManualIsShownAndEveryNameOfOursIsInIt() throws Exception {
    Set<String> told = names(Files.readString(MANUAL));
    Set<String> families = new TreeSet<>();
    for (String name : shown()) {
      families.add(name.replaceAll("_(bucket|sum|count)$", ""));
    }
    families.removeIf(name -> !name.startsWith("paxoskv_"));
    assertThat(told).containsAll(families);
    families.addAll(shown());
    assertThat(families).containsAll(told);
  }

  @Test
  void theDashboardIsJsonWithAQueryInEveryPanel() throws IOException {
    String text = Files.readString(OPERATIONS.resolve("grafana-dashboard.json"));
    JsonObject dashboard = JsonParser.parseString(text).getAsJsonObject();
    List<String> queries = new ArrayList<>();
    dashboard.getAsJsonArray("panels").forEach(panel -> {
      int before = queries.size();
      panel
          .getAsJsonObject()
          .getAsJsonArray("targets")
          .forEach(t -> queries.add(t.getAsJsonObject().get("expr").getAsString()));
      assertThat(queries).hasSizeGreaterThan(before);
    });
    assertThat(queries).allMatch(query -> NAME.matcher(query).find());
  }

  private static Set<String> names(String text) {
    Set<String> names = new TreeSet<>();
    NAME.matcher(text).results().map(MatchResult::group).forEach(names::add);
    return names;
  }

  /** By a server of three, since some numbers are about the others. */
  private static Set<String> shown() throws Exception {
    try (ReservedPorts ports = new ReservedPorts(3);
        KvServer server = KvServer.open(withAdminDoor(ports))) {
      Visitor visitor = new Visitor(server.adminPort().orElseThrow());
      await().until(() -> visitor.statusOf("/metrics") == 200);
      return PrometheusText.parse(visitor.get("/metrics").body()).names();
    }
  }

  private static KvServerConfig withAdminDoor(ReservedPorts ports) {
    KvServerConfig config = KvServerConfig.of(ports.addresses(), 0);
    return config.withDoors(config.doors().withAdmin(0));
  }
}
