package dev.paxoskv.client.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.server.KvServer;
import dev.paxoskv.server.KvServerConfig;
import dev.paxoskv.server.backup.BackupFile;
import dev.paxoskv.sim.tcp.ReservedPorts;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kv backup}, as it is typed. */
class BackupCommandTest {
  private final ReservedPorts ports = new ReservedPorts(2);

  @TempDir
  private Path directory;

  private List<KvServer> servers = List.of();
  private Shell shell = new Shell("");
  private Path file = Path.of("");

  @BeforeEach
  void start() {
    KvServer durable = KvServer.open(KvServerConfig.of(ports.addresses().subList(0, 1), 0)
        .withDataDir(directory.resolve("data")));
    KvServer inMemory = KvServer.open(KvServerConfig.of(ports.addresses().subList(1, 2), 0));
    servers = List.of(durable, inMemory);
    shell = new Shell("127.0.0.1:" + durable.port());
    file = directory.resolve("backup");
  }

  @AfterEach
  void close() {
    servers.forEach(KvServer::close);
    ports.close();
  }

  private List<String> files() throws IOException {
    try (Stream<Path> found = Files.list(directory)) {
      return found.map(path -> String.valueOf(path.getFileName())).sorted().toList();
    }
  }

  @Test
  void writesAFileThatIsWholeAndSaysWhatItHolds() throws IOException {
    assertThat(shell.kv("put", "k", "v")).isZero();
    assertThat(shell.kv("backup", file.toString())).as(shell.err()).isZero();
    assertThat(shell.err()).isEmpty();
    long hash = servers.get(0).status().getStateHash();
    assertThat(shell.out())
        .startsWith("wrote " + file + ": " + Files.size(file) + " bytes, up to instance ")
        .contains(", state hash " + String.format("%016x", hash) + ", of cluster ");
    try (BackupFile backup = BackupFile.open(file)) {
      assertThat(backup.head().hash()).isEqualTo(hash);
    }
    assertThat(files()).containsExactly("backup", "data");
  }

  @Test
  void aFileThatIsThereIsReplacedByForceOnly() throws IOException {
    Files.writeString(file, "precious");
    assertThat(shell.kv("put", "k", "v")).isZero();
    assertThat(shell.kv("backup", file.toString())).isEqualTo(2);
    assertThat(shell.err()).startsWith("kv: ").contains("is there already", "--force");
    assertThat(file).hasContent("precious");
    assertThat(shell.kv("backup", "--force", file.toString())).isZero();
    BackupFile.open(file).close();
    for (String name : List.of(directory.toString(), "", "/")) {
      assertThat(shell.kv("backup", name, "--force")).isEqualTo(2);
      assertThat(shell.err()).contains("'" + name + "' is a directory");
    }
    assertThat(shell.kv("backup", directory.resolve("no/where").toString())).isEqualTo(2);
    assertThat(shell.err()).contains("there is no directory");
    assertThat(shell.kv("backup")).isEqualTo(2);
  }

  /** Not a device, for one: root would put a file in the place of /dev/null. */
  @Test
  void whatIsNoRegularFileIsNotReplaced() throws IOException {
    assertThat(shell.kv("put", "k", "v")).isZero();
    try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      socket.bind(UnixDomainSocketAddress.of(file));
      assertThat(shell.kv("backup", "--force", file.toString())).isEqualTo(2);
      assertThat(shell.err()).contains("is no regular file");
      assertThat(Files.isRegularFile(file)).isFalse();
    }
  }

  @Test
  void whyThereIsNoneIsOneLineAndNoFile() throws IOException {
    assertThat(shell.kv("backup", file.toString())).isEqualTo(4);
    assertThat(shell.err()).contains("nothing was ever written").hasLineCount(1);
    Shell other = new Shell("127.0.0.1:" + servers.get(1).port());
    assertThat(other.kv("put", "k", "v")).isZero();
    assertThat(other.kv("backup", file.toString())).isEqualTo(4);
    assertThat(other.err()).contains("keeps its state in memory").hasLineCount(1);
    servers.get(1).close();
    assertThat(other.kv("--timeout=300ms", "backup", file.toString())).isEqualTo(4);
    assertThat(other.err()).hasLineCount(1);
    assertThat(files()).containsExactly("data");
  }

  @Test
  void inDoubtOneServerIsNamed() {
    assertThat(shell.kv("put", "k", "v")).isZero();
    String first = "127.0.0.1:" + servers.get(0).port();
    Shell both = new Shell(first + ",127.0.0.1:" + servers.get(1).port());
    assertThat(both.kv("backup", "--in-doubt", file.toString())).isEqualTo(2);
    assertThat(both.err()).contains("name it alone with --servers").hasLineCount(1);
    assertThat(shell.kv("backup", "--in-doubt", file.toString())).isZero();
  }

  @Test
  void aBarOnATerminal() {
    assertThat(shell.kv("put", "k", "v".repeat(600_000))).isZero();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Surroundings terminal = new Surroundings(
        new ByteArrayInputStream(new byte[0]),
        new PrintStream(out, true, UTF_8),
        new PrintStream(err, true, UTF_8),
        true,
        UTF_8,
        Map.of("KV_SERVERS", "127.0.0.1:" + servers.get(0).port()));
    assertThat(KvCommand.run(terminal, "backup", file.toString())).isZero();
    assertThat(err.toString(UTF_8))
        .contains("\r[")
        .contains("[" + "#".repeat(30) + "] 100 %  0.6 of 0.6 MiB")
        .endsWith("\n");
    assertThat(out.toString(UTF_8)).startsWith("wrote ");
  }
}
