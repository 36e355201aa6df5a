package dev.paxoskv.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import dev.paxoskv.server.KvServer;
import dev.paxoskv.server.KvServerConfig;
import dev.paxoskv.sim.tcp.ReservedPorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kv bench --record} writes what {@code kv check} judges. */
class RecordAndCheckTest {
  private final ReservedPorts ports = new ReservedPorts(1);
  private final KvServer server = KvServer.open(KvServerConfig.of(ports.addresses(), 0));
  private final Shell shell = new Shell("127.0.0.1:" + server.port());

  @TempDir
  private Path directory;

  private Path file = Path.of("");

  @BeforeEach
  void record() {
    file = directory.resolve("history");
    bench();
  }

  private void bench() {
    assertThat(shell.kv(
            "bench",
            "--duration=0.3",
            "--in-flight=8",
            "--connections=2",
            "--keys=20",
            "--read-share=0.5",
            "--record=" + file))
        .as(shell.err())
        .isZero();
  }

  @AfterEach
  void close() {
    server.close();
    ports.close();
  }

  @Test
  void whatAHealthyStoreSaysIsLinearizable() throws IOException {
    assertThat(shell.kv("check", file.toString())).isZero();
    int calls = Files.readAllLines(file).size() - 1;
    assertThat(calls).isGreaterThan(10);
    assertThat(shell.out()).isEqualTo("linearizable: " + calls + " calls\n");
    assertThat(shell.kv("check", "--json", file.toString())).isZero();
    assertThat(
            JsonParser.parseString(shell.out()).getAsJsonObject().get("verdict").getAsString())
        .isEqualTo("legal");
  }

  @Test
  void whatTheKeysHeldBeforeIsNoFault() {
    bench();
    assertThat(shell.kv("check", file.toString())).as(shell.out()).isZero();
  }

  @Test
  void aReadOfWhatWasNeverThereIsFound() throws IOException {
    List<String> lines = new ArrayList<>(Files.readAllLines(file));
    lines.add(0, "1..2 z put k a applied");
    lines.add(1, "3..4 z put k b applied");
    lines.add(2, "5..6 z get k found a");
    Files.write(file, lines);
    assertThat(shell.kv("check", file.toString())).isEqualTo(1);
    assertThat(shell.out()).contains("ILLEGAL, key k", "cannot be placed: 5..6 z get k found a");
  }

  @Test
  void aDeleteIsAWriteLikeOthers() throws IOException {
    Path own = directory.resolve("own");
    Files.writeString(own, """
        1..2 z put k a applied
        3..4 z delete k applied
        5..6 z get k missing
        7..9 z delete k unknown
        8..11 z put k b applied
        12..13 z get k missing
        # end
        """);
    assertThat(shell.kv("check", own.toString())).isZero();
    Files.writeString(own, "14..15 z get k found b\n# end\n", StandardOpenOption.APPEND);
    assertThat(shell.kv("check", own.toString())).isEqualTo(1);
  }

  @Test
  void aRecordingThatWasCutShortIsNotTrusted() throws IOException {
    List<String> lines = Files.readAllLines(file);
    Files.write(file, lines.subList(0, lines.size() - 1));
    assertThat(shell.kv("check", file.toString())).isEqualTo(4);
    assertThat(shell.err()).contains("has no end");
    Files.writeString(file, "1234..12", StandardOpenOption.APPEND);
    assertThat(shell.kv("check", file.toString())).as("within a line").isEqualTo(4);
    assertThat(shell.err()).contains("has no end");
  }

  @Test
  void whatIsNoHistoryIsNamed() throws IOException {
    Files.writeString(file, "1..2 z put k a applied\n3..4 z set_if - unknown\n# end\n");
    assertThat(shell.kv("check", file.toString())).isEqualTo(2);
    assertThat(shell.err()).contains("line 2").contains("set_if").contains("no call of put");
    Files.writeString(file, "1..2 z put k a applied\n3..4 z scan - applied\n# end\n");
    assertThat(shell.kv("check", file.toString())).isEqualTo(2);
    assertThat(shell.err()).contains("line 2").contains("several keys at one moment");
    Path nothing = directory.resolve("nothing");
    assertThat(shell.kv("check", nothing.toString())).isEqualTo(2);
    assertThat(shell.err()).contains(nothing + ": no such file or directory");
    Files.write(nothing, new byte[] {-1, -1});
    assertThat(shell.kv("check", nothing.toString())).isEqualTo(2);
    assertThat(shell.err()).contains(nothing + ": it is no text");
  }
}
