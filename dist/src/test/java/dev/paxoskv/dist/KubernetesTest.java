package dev.paxoskv.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.paxoskv.server.KvServerCommand;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import picocli.CommandLine;

/** The objects for Kubernetes are objects of Kubernetes, and fit each other and the server. */
class KubernetesTest {
  private static final Path FILE = Path.of("src/package/container/kubernetes.yaml");

  private interface Schema {
    void validate(JsonElement object) throws IOException;
  }

  private static final Map<String, Schema> SCHEMAS = Map.of(
      "v1 Service", V1Service::validateJsonElement,
      "policy/v1 PodDisruptionBudget", V1PodDisruptionBudget::validateJsonElement,
      "apps/v1 StatefulSet", V1StatefulSet::validateJsonElement);

  private final Map<String, JsonObject> objects = new TreeMap<>();

  KubernetesTest() throws IOException {
    for (JsonObject object : objects(Files.readString(FILE))) {
      String kind = object.get("kind").getAsString();
      objects.put(kind + " " + at(object, "metadata", "name").getAsString(), object);
    }
  }

  private static List<JsonObject> objects(String text) {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    List<JsonObject> objects = new ArrayList<>();
    for (Object document : new Yaml(new SafeConstructor(options)).loadAll(text)) {
      objects.add(new Gson().toJsonTree(document).getAsJsonObject());
    }
    return objects;
  }

  private static void validate(JsonObject object) throws IOException {
    String type =
        object.get("apiVersion").getAsString() + " " + object.get("kind").getAsString();
    assertThat(SCHEMAS).containsKey(type);
    SCHEMAS.get(type).validate(object);
  }

  private static JsonElement at(JsonElement from, String... path) {
    JsonElement found = from;
    for (String name : path) {
      found = found.isJsonArray()
          ? found.getAsJsonArray().get(Integer.parseInt(name))
          : found.getAsJsonObject().get(name);
      assertThat(found).as(Arrays.toString(path)).isNotNull();
    }
    return found;
  }

  private JsonElement stateful(String... path) {
    return at(at(objects.get("StatefulSet paxoskv"), "spec"), path);
  }

  private JsonElement server(String... path) {
    return at(stateful("template", "spec", "containers", "0"), path);
  }

  /** What the server gets from its environment; {@code ""} for what is known only to the pod. */
  private Map<String, String> environment() {
    Map<String, String> environment = new TreeMap<>();
    for (JsonElement each : server("env").getAsJsonArray()) {
      JsonObject variable = each.getAsJsonObject();
      String value = variable.has("value") ? variable.get("value").getAsString() : "";
      environment.put(variable.get("name").getAsString(), value);
    }
    return environment;
  }

  @Test
  void everyObjectHasWhatKubernetesAsksForAndNothingElse() throws IOException {
    assertThat(objects)
        .containsOnlyKeys(
            "PodDisruptionBudget paxoskv",
            "Service paxoskv",
            "Service paxoskv-clients",
            "StatefulSet paxoskv");
    for (JsonObject object : objects.values()) {
      validate(object);
    }
  }

  @Test
  void aMisspeltFieldDeepInsideIsFound() throws IOException {
    String wrong = Files.readString(FILE).replace("failureThreshold: 600", "failureTreshold: 600");

    assertThatThrownBy(() -> {
          for (JsonObject object : objects(wrong)) {
            validate(object);
          }
        })
        .hasMessageContaining("failureTreshold");
  }

  @Test
  void serversMeetBeforeTheyAreReady() {
    assertThat(stateful("podManagementPolicy").getAsString()).isEqualTo("Parallel");
    JsonObject peers = objects.get("Service paxoskv");
    assertThat(at(peers, "spec", "clusterIP").getAsString()).isEqualTo("None");
    assertThat(at(peers, "spec", "publishNotReadyAddresses").getAsBoolean()).isTrue();
    assertThat(stateful("serviceName").getAsString()).isEqualTo("paxoskv");
    assertThat(at(objects.get("Service paxoskv-clients"), "spec")
            .getAsJsonObject()
            .has("publishNotReadyAddresses"))
        .isFalse();
  }

  @Test
  void eachReplicaIsInTheListOfPeers() {
    int replicas = stateful("replicas").getAsInt();
    String peers = String.join(
        ",",
        IntStream.range(0, replicas)
            .mapToObj(i -> "paxoskv-" + i + ".paxoskv:7001")
            .toList());

    assertThat(environment()).containsEntry("PAXOSKV_PEERS", peers);
    assertThat(at(objects.get("PodDisruptionBudget paxoskv"), "spec", "maxUnavailable")
            .getAsInt())
        .isEqualTo((replicas - 1) / 2);
  }

  @Test
  void everyVariableIsAFlag() {
    CommandLine.Model.CommandSpec spec = new CommandLine(new KvServerCommand()).getCommandSpec();
    for (String variable : environment().keySet()) {
      if (variable.startsWith("PAXOSKV_")) {
        String flag = "--"
            + variable.substring("PAXOSKV_".length()).toLowerCase(Locale.ROOT).replace('_', '-');
        assertThat(spec.findOption(flag)).as(flag).isNotNull();
      }
    }
    assertThat(environment()).containsKeys("PAXOSKV_ME", "PAXOSKV_DATA_DIR", "PAXOSKV_LISTEN");
    // Links of services would look like flags.
    assertThat(stateful("template", "spec", "enableServiceLinks").getAsBoolean())
        .isFalse();
  }

  @Test
  void probesAskTheDoorForOperators() {
    Map<String, String> ports = new TreeMap<>();
    for (JsonElement port : server("ports").getAsJsonArray()) {
      ports.put(at(port, "name").getAsString(), at(port, "containerPort").getAsString());
    }
    assertThat(ports)
        .containsEntry("admin", environment().get("PAXOSKV_ADMIN_PORT"))
        .containsEntry("redis", environment().get("PAXOSKV_REDIS_PORT"));
    assertThat(environment().get("PAXOSKV_LISTEN")).endsWith(":" + ports.get("paxoskv"));
    Map<String, String> probes =
        Map.of("startupProbe", "/livez", "livenessProbe", "/livez", "readinessProbe", "/readyz");
    probes.forEach((probe, path) -> {
      assertThat(server(probe, "httpGet", "path").getAsString()).isEqualTo(path);
      assertThat(server(probe, "httpGet", "port").getAsString()).isEqualTo("admin");
    });
  }

  @Test
  void theStateIsOnAVolumeOfItsOwn() {
    String claim = stateful("volumeClaimTemplates", "0", "metadata", "name").getAsString();
    String place = StreamSupport.stream(
            server("volumeMounts").getAsJsonArray().spliterator(), false)
        .filter(mount -> at(mount, "name").getAsString().equals(claim))
        .map(mount -> at(mount, "mountPath").getAsString())
        .findFirst()
        .orElseThrow();

    assertThat(environment().get("PAXOSKV_DATA_DIR")).startsWith(place + "/");
  }

  @Test
  void everySelectorFindsThePods() {
    JsonElement labels = stateful("template", "metadata", "labels");
    assertThat(stateful("selector", "matchLabels")).isEqualTo(labels);
    assertThat(at(objects.get("PodDisruptionBudget paxoskv"), "spec", "selector", "matchLabels"))
        .isEqualTo(labels);
    for (String service : List.of("Service paxoskv", "Service paxoskv-clients")) {
      assertThat(at(objects.get(service), "spec", "selector")).isEqualTo(labels);
    }
  }
}
