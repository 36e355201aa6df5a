package dev.paxoskv.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paxoskv.client.KvClient;
import dev.paxoskv.paxos.Paxos;
import dev.paxoskv.paxos.net.Address;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The code in the README compiles, runs, and is what the README shows. */
class ReadmeTest {
  private static final Path README = Path.of("..", "README.md");
  private static final Path THIS = Path.of("src/test/java/dev/paxoskv/server/ReadmeTest.java");

  static void embedTheLibrary() {
    // shown
    List<String> peers = List.of("127.0.0.1:7101", "127.0.0.1:7102", "127.0.0.1:7103");
    try (Paxos first = Paxos.make(peers, 0);
        Paxos second = Paxos.make(peers, 1)) {
      first.start(0, "hello".getBytes(UTF_8));
      await().until(() -> second.status(0).isDecided());
      byte[] agreed = second.status(0).value().orElseThrow().bytes();
      System.out.println(new String(agreed, UTF_8));
      second.done(0);
    }
    // end
  }

  static void embedTheStore() {
    // shown
    List<Address> peers = Paxos.addresses(List.of("127.0.0.1:7111"), 0);
    try (KvServer server = KvServer.open(KvServerConfig.of(peers, 0));
        KvClient client = KvClient.open(List.of("127.0.0.1:" + server.port()))) {
      client.put("k".getBytes(UTF_8), "v".getBytes(UTF_8));
      byte[] found = client.get("k".getBytes(UTF_8)).orElseThrow();
      System.out.println(new String(found, UTF_8));
    }
    // end
  }

  @Test
  void theLibraryAgrees() {
    assertThat(outputOf(ReadmeTest::embedTheLibrary)).isEqualTo("hello\n");
  }

  @Test
  void theStoreStores() {
    assertThat(outputOf(ReadmeTest::embedTheStore)).isEqualTo("v\n");
  }

  @Test
  void theReadmeShowsThisCode() throws IOException {
    List<String> shown = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
        .matcher(Files.readString(README))
        .results()
        .map(match -> match.group(1))
        .toList();
    List<String> run = Pattern.compile("    // shown\n(.*?)    // end\n", Pattern.DOTALL)
        .matcher(Files.readString(THIS))
        .results()
        .map(match -> match.group(1).lines().map(l -> l.substring(4) + "\n"))
        .map(lines -> lines.collect(Collectors.joining()))
        .toList();

    assertThat(run).hasSize(2).isEqualTo(shown);
  }

  private static String outputOf(Runnable example) {
    PrintStream before = System.out;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, UTF_8));
    try {
      example.run();
    } finally {
      System.setOut(before);
    }
    return out.toString(UTF_8);
  }
}
