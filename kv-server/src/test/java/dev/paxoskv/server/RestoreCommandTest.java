package dev.paxoskv.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.client.ClientConfig;
import dev.paxoskv.client.KvClient;
import dev.paxoskv.client.backup.StoreBackup;
import dev.paxoskv.sim.tcp.ReservedPorts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kv-server restore} and {@code kv-server inspect} of a backup, as they are typed. */
class RestoreCommandTest {
  private static final String PEERS = "--peers=10.0.0.1:7001,10.0.0.2:7001";
  private static final Pattern ID = Pattern.compile("--cluster-id=([0-9a-f]{32})\n");

  private final PrintStream outBefore = System.out;
  private final PrintStream errBefore = System.err;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir
  private Path directory;

  private Path file = Path.of("");

  @BeforeEach
  void backUp() {
    file = directory.resolve("backup");
    try (ReservedPorts ports = new ReservedPorts(1);
        KvServer server = KvServer.open(
            KvServerConfig.of(ports.addresses(), 0).withDataDir(directory.resolve("data")))) {
      ClientConfig config = ClientConfig.of(List.of("127.0.0.1:" + server.port()));
      try (KvClient client = KvClient.open(config)) {
        client.put("k".getBytes(UTF_8), "v".getBytes(UTF_8));
      }
      new StoreBackup(config, new StoreBackup.Progress() {
            @Override
            public void at(String from, long bytes, long bytesInAll) {}

            @Override
            public void failed(String why) {}
          })
          .to(file, false);
    }
    System.setOut(new PrintStream(out, true, UTF_8));
    System.setErr(new PrintStream(err, true, UTF_8));
  }

  @AfterEach
  void leave() {
    System.setOut(outBefore);
    System.setErr(errBefore);
  }

  private int run(String... arguments) {
    out.reset();
    err.reset();
    return KvServerCommand.run(Map.of(), arguments);
  }

  private String dir(String name) {
    return "--data-dir=" + directory.resolve(name);
  }

  private String errors() {
    return err.toString(UTF_8);
  }

  @Test
  void theSecondServerIsGivenTheIdThatTheFirstOnePrints() {
    assertThat(run("restore", file.toString(), dir("new0"), PEERS)).as(errors()).isZero();
    Matcher id = ID.matcher(out.toString(UTF_8));
    assertThat(id.find()).as(out.toString(UTF_8)).isTrue();
    String flag = "--cluster-id=" + id.group(1);
    // The flags may stand on either side: those of a server are in a file often.
    assertThat(run(PEERS, "--me=1", dir("new1"), "restore", file.toString(), flag))
        .as(errors())
        .isZero();
    assertThat(out.toString(UTF_8))
        .contains("server 1 of 2 of cluster " + id.group(1))
        .doesNotContain("--cluster-id");
    assertThat(directory.resolve("new1").resolve("identity-a")).exists();
    assertThat(run("inspect", directory.resolve("new1").toString())).isZero();
    assertThat(out.toString(UTF_8)).contains(id.group(1), "snapshot-");
    assertThat(run("restore", file.toString(), dir("new2"), "--peers=10.0.0.1:7001", flag))
        .isEqualTo(1);
    assertThat(errors()).contains("made for another backup").hasLineCount(1);
    assertThat(run("restore", file.toString(), dir("new1"), PEERS, "--me=1", flag))
        .isEqualTo(1);
    assertThat(errors()).contains("is not empty");
  }

  @Test
  void aBackupIsInspected() throws IOException {
    assertThat(run("inspect", file.toString())).isZero();
    assertThat(out.toString(UTF_8)).contains("backup of cluster", "up to instance");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    assertThat(run("inspect", file.toString())).isEqualTo(1);
    assertThat(errors()).contains("is damaged");
    assertThat(run("restore", file.toString(), dir("new"), PEERS)).isEqualTo(1);
    assertThat(errors()).contains("nothing was restored", "is damaged").hasLineCount(1);
    assertThat(directory.resolve("new")).doesNotExist();
  }

  @Test
  void badUsageIsSaidSo() {
    assertThat(run("restore", PEERS)).isEqualTo(2);
    assertThat(run("restore", file.toString(), PEERS, "--me=2")).isEqualTo(2);
    assertThat(errors()).contains("own index 2");
    assertThat(run("--in-memory", "restore", file.toString(), PEERS)).isEqualTo(2);
    assertThat(errors()).contains("--in-memory");
  }
}
