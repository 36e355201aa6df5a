package dev.paxoskv.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.paxoskv.dist.Unpacked.Ended;
import dev.paxoskv.dist.Unpacked.Output;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The package, unpacked, with nothing else but a Java runtime: the README's example, word for word.
 * In the full check only, as the integration test does the same with what the package is made of.
 */
@EnabledIfSystemProperty(named = "paxoskv.full", matches = "true")
class PackageIT {
  private static final int SERVERS = 3;
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir
  static Path directory;

  private static Unpacked unpacked;
  private static final List<Integer> PORTS = new ArrayList<>();
  private static final List<Integer> ADMIN_PORTS = new ArrayList<>();
  private static final Process[] PROCESSES = new Process[SERVERS];

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    // What has a blank in its name finds every path that a script did not put in quotes.
    unpacked = Unpacked.into(Files.createDirectory(directory.resolve("some where")));
    List<Integer> ports = freePorts(2 * SERVERS);
    PORTS.addAll(ports.subList(0, SERVERS));
    ADMIN_PORTS.addAll(ports.subList(SERVERS, 2 * SERVERS));
    for (int i = 0; i < SERVERS; i++) {
      start(i, Map.of());
    }
    IntStream.range(0, SERVERS).forEach(PackageIT::awaitReady);
  }

  @AfterAll
  static void stop() throws InterruptedException {
    for (Process process : PROCESSES) {
      if (process != null) {
        process.destroyForcibly().waitFor();
      }
    }
  }

  private static List<Integer> freePorts(int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        sockets.add(new ServerSocket(0));
      }
      return sockets.stream().map(ServerSocket::getLocalPort).toList();
    } finally {
      for (ServerSocket socket : sockets) {
        socket.close();
      }
    }
  }

  /** Server i with the flags of the package, but for its ports. */
  private static void start(int i, Map<String, String> environment) throws IOException {
    String flags = Files.readString(unpacked.directory.resolve("conf/" + i + ".flags"));
    Path file = directory.resolve(i + ".flags");
    Files.writeString(file, withPorts(flags) + "\n--admin-port=" + ADMIN_PORTS.get(i) + "\n");
    PROCESSES[i] = unpacked.start(
        Output.in(directory, "server" + i),
        environment,
        List.of(unpacked.program("kv-server"), "@" + file));
  }

  /** {@code text} with the ports of these servers. */
  private static String withPorts(String text) {
    String replaced = text;
    for (int peer = 0; peer < SERVERS; peer++) {
      String packaged = "127.0.0.1:700" + (peer + 1);
      assertThat(replaced).contains(packaged);
      replaced = replaced.replace(packaged, "127.0.0.1:" + PORTS.get(peer));
    }
    return replaced;
  }

  private static void awaitReady(int i) {
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(10))
        .atMost(LONG)
        .until(() -> !PROCESSES[i].isAlive() || isReady(i));
    assertThat(PROCESSES[i].isAlive()).as(log(i)).isTrue();
  }

  private static String log(int i) {
    try {
      return Files.readString(Output.in(directory, "server" + i).err());
    } catch (IOException e) {
      return String.valueOf(e);
    }
  }

  private static boolean isReady(int i) {
    try {
      HttpURLConnection connection =
          (HttpURLConnection) URI.create("http://127.0.0.1:" + ADMIN_PORTS.get(i) + "/readyz")
              .toURL()
              .openConnection();
      connection.setConnectTimeout(1000);
      connection.setReadTimeout(2000);
      return connection.getResponseCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private static Ended kv(String... arguments) throws IOException, InterruptedException {
    String servers =
        String.join(",", PORTS.stream().map(port -> "127.0.0.1:" + port).toList());
    String[] command = Stream.concat(Stream.of(unpacked.program("kv")), Stream.of(arguments))
        .toArray(String[]::new);
    return unpacked.run(Map.of("KV_SERVERS", servers), command);
  }

  /** The README's first block of code behind {@code heading}, with the names of the package. */
  private static String readme(String heading) throws IOException {
    String text = Files.readString(unpacked.directory.resolve("README.md"));
    String behind = text.substring(text.indexOf(heading));
    return behind
        .split("```\n", 3)[1]
        .replace("scripts/kv", "bin/kv")
        .replace("@config/", "@conf/");
  }

  @Test
  void theReadmesExampleWorks() throws IOException, InterruptedException {
    assertThat(readme("## Run three servers")).contains("bin/kv-server @conf/0.flags\n");
    Files.writeString(unpacked.directory.resolve("some-file"), "big");
    Ended ended = sh(readme("And a fourth:"));
    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.out()).startsWith("abcabc");
    assertThat(kv("get", "big")).isEqualTo(new Ended(0, "big", ""));
    assertThat(kv("status").out().lines()).hasSize(1 + SERVERS);

    ended = sh(readme("## Install it").lines().skip(1).findFirst().orElseThrow());
    assertThat(ended).isEqualTo(new Ended(0, "", ""));
    assertThat(kv("get", "k")).isEqualTo(new Ended(0, "a", ""));
    String line = "\\S{10}T[\\d:.]{12}\\S+ INFO  server 0 of 3 serves at .*";
    assertThat(log(0).lines()).anyMatch(each -> each.matches(line));
  }

  private static Ended sh(String commands) throws IOException, InterruptedException {
    return unpacked.run(Map.of(), "sh", "-ec", withPorts(commands));
  }

  @Test
  void aStopThatWasAskedForIsASuccessAndTheNextStartIsQuick()
      throws IOException, InterruptedException {
    List<Long> without = restarts(Map.of());
    assertThat(unpacked.run(Map.of(), unpacked.program("kv-archive")))
        .isEqualTo(new Ended(0, "", ""));
    List<Long> with = restarts(Map.of());
    // This runtime stops at once if it cannot use the archive.
    restarts(Map.of("KV_SERVER_JAVA_OPTS", "-Xmx256m -XX:+UseSerialGC -Xshare:on"));
    System.out.println("from the start of a stopped server to /readyz: " + without
        + " ms, with an archive of classes " + with + " ms");
  }

  /** One server after the other while the others run; milliseconds that each took. */
  private static List<Long> restarts(Map<String, String> environment)
      throws IOException, InterruptedException {
    List<Long> millis = new ArrayList<>();
    for (int i = 0; i < SERVERS; i++) {
      PROCESSES[i].destroy();
      assertThat(PROCESSES[i].waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(PROCESSES[i].exitValue()).as(log(i)).isZero();
      long began = System.nanoTime();
      start(i, environment);
      awaitReady(i);
      millis.add(Duration.ofNanos(System.nanoTime() - began).toMillis());
    }
    return millis;
  }

  @Test
  void badFlagsAreBadUsage() throws IOException, InterruptedException {
    Ended ended =
        unpacked.run(Map.of("PAXOSKV_ME", "7"), unpacked.program("kv-server"), "--in-memory");
    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.err()).contains("own index 7");
  }

  @Test
  void withoutARuntimeOneLineSaysWhatIsMissing() throws IOException, InterruptedException {
    for (String program : List.of("kv", "kv-server")) {
      Ended ended =
          unpacked.run(Map.of("JAVA_HOME", "/nowhere"), unpacked.program(program), "--help");
      assertThat(ended)
          .isEqualTo(new Ended(
              2,
              "",
              program + ": there is no /nowhere/bin/java; install a Java runtime, 17 or newer, or"
                  + " set JAVA_HOME\n"));
    }
  }

  @Test
  void everyCommandHasAManualPage() throws IOException {
    Path pages = unpacked.directory.resolve("share/man/man1");
    assertThat(Files.readString(pages.resolve("kv-server.1"))).contains("\\-\\-data\\-dir");
    assertThat(Files.readString(pages.resolve("kv-scan.1"))).contains("\\-\\-limit");
    for (var program : Pages.programs()) {
      for (String name : program.subcommands().keySet()) {
        assertThat(pages.resolve(program.name() + "-" + name + ".1")).isNotEmptyFile();
      }
      assertThat(unpacked.directory.resolve("share/bash-completion/completions/" + program.name()))
          .content()
          .contains("complete -F _complete_" + program.name() + " ");
    }
  }

  @Test
  void thePartsAreListed() throws IOException {
    Path lists = unpacked.directory.resolve("sbom");
    assumeTrue(Files.isDirectory(lists), "the plugin that lists the parts works only online");
    for (String name : List.of("kv-client", "kv-server")) {
      assertThat(Files.readString(lists.resolve(name + ".cdx.json")))
          .contains("CycloneDX", "pkg:maven/com.google.protobuf/protobuf-java@", "netty-handler")
          .doesNotContain("junit");
    }
  }

  @Test
  void theImageTakesWhatThePackageHas() throws IOException {
    Path dockerfile = unpacked.directory.resolve("container/Dockerfile");
    List<String> copied = Files.readAllLines(dockerfile).stream()
        .filter(line -> line.startsWith("COPY "))
        .map(line -> line.substring("COPY ".length(), line.lastIndexOf(' ')))
        .toList();

    assertThat(copied).contains("bin", "lib");
    copied.forEach(source -> assertThat(unpacked.directory.resolve(source)).exists());
  }
}
