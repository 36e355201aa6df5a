package dev.paxoskv.client.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.paxoskv.client.FakeServer;
import dev.paxoskv.proto.kv.Command;
import dev.paxoskv.proto.kv.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class BenchCommandTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int bench(String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "bench";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    PrintStream to = new PrintStream(out, true, UTF_8);
    PrintStream complaints = new PrintStream(err, true, UTF_8);
    return KvCommand.run(
        new Surroundings(InputStream.nullInputStream(), to, complaints, false, UTF_8, Map.of()),
        all);
  }

  private static Reply answer(Command command) {
    return command.hasGet() ? FakeServer.notFound(command) : FakeServer.applied(command);
  }

  @Test
  void spreadsTheLoadOverAllServers(@TempDir Path directory) throws IOException {
    try (FakeServer one = FakeServer.answering(BenchCommandTest::answer);
        FakeServer two = FakeServer.answering(BenchCommandTest::answer)) {
      Path csv = directory.resolve("seconds.csv");
      int code = bench(
          "--servers=" + one.address() + "," + two.address(),
          "--in-flight=4",
          "--value-size=10",
          "--keys=7",
          "--read-share=0.5",
          "--duration=1.2",
          "--json",
          "--csv=" + csv);

      assertThat(code).isZero();
      JsonObject result = JsonParser.parseString(out.toString(UTF_8)).getAsJsonObject();
      int sent = one.commands().size() + two.commands().size();
      assertThat(result.get("operations").getAsInt()).isEqualTo(sent);
      assertThat(result.get("errors").getAsJsonObject().size()).isZero();
      assertThat(result.get("throughput").getAsDouble()).isPositive();
      assertThat(result.get("latencyMillis").getAsJsonObject().keySet())
          .containsExactly("p50", "p99", "p99.9", "max");
      assertThat(one.commands()).anyMatch(Command::hasPut).anyMatch(Command::hasGet);
      assertThat(two.commands()).anyMatch(Command::hasPut).anyMatch(Command::hasGet);
      assertThat(err.toString(UTF_8)).matches("   1 s +\\d+/s .* errors 0\n");
      assertThat(Files.readAllLines(csv)).hasSize(2).first().asString().startsWith("second,");
    }
  }

  @ParameterizedTest
  @CsvSource({"--csv, rows of --csv are not whole", "--record, recording is not whole"})
  void whatCannotBeWrittenInFullIsSaid(String flag, String complaint) throws IOException {
    try (FakeServer server = FakeServer.answering(BenchCommandTest::answer)) {
      int code = bench(
          flag + "=/dev/full",
          "--servers=" + server.address(),
          "--value-size=16",
          "--keys=2",
          "--duration=0.1");
      assertThat(code).isEqualTo(4);
      assertThat(err.toString(UTF_8).lines().skip(err.toString(UTF_8).lines().count() - 1))
          .singleElement()
          .asString()
          .startsWith("not applied: the ")
          .contains(complaint);
    }
  }

  @Test
  void paces() {
    try (FakeServer server = FakeServer.answering(BenchCommandTest::answer)) {
      assertThat(bench("--servers=" + server.address(), "--rate=100", "--duration=0.5"))
          .isZero();
      assertThat(out.toString(UTF_8)).startsWith("operations 50 in ").contains("errors     0\n");
    }
  }

  @Test
  void namesWhatFailedAndHow() {
    try (FakeServer server = FakeServer.answering(c -> FakeServer.refused(c, "no"))) {
      int code = bench("--servers=" + server.address(), "--duration=100ms", "--in-flight=2");
      assertThat(code).isEqualTo(4);
      assertThat(out.toString(UTF_8)).startsWith("operations 0 in ").contains(", not applied ");
      assertThat(err.toString(UTF_8)).isEqualTo("not applied: no operation succeeded\n");
    }
  }

  @Test
  void aDurationMayHaveAUnit() {
    assertThat(new DurationConverter.Seconds().convert("1.5")).isEqualTo(1.5);
    assertThat(new DurationConverter.Seconds().convert("250ms")).isEqualTo(0.25);
    assertThat(bench("--duration=2h", "--servers=" + FakeServer.nowhere())).isEqualTo(2);
    assertThat(err.toString(UTF_8)).contains("'2h' is not like 500ms, 10s or 2m; see kv --help");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
          --in-flight=0        | operations in flight must be 1 to 1000000, not 0
          --in-flight=many     | Invalid value for option '--in-flight': 'many' is not an int
          --in-flight=2000     | --in-flight may be 1024 for each connection; add --connections=2
          --connections=65     | --connections must be 1 to --in-flight, which is 64, not 65
          --connections=0      | --connections must be 1 to --in-flight, which is 64, not 0
          --value-size=1048577 | a value's bytes must be 0 to 1048576, not 1048577
          --value-size=1000000 | values in flight of a connection may be 16777216 bytes
          --keys=0             | keys must be 1 to 1000000000, not 0
          --read-share=2       | a read share of 2.0 is not 0 to 1
          --duration=0         | --duration must be above 0 and up to 86400 seconds
          --rate=-1            | a rate of -1.0 operations a second is not above 0
          --csv=/nowhere/x.csv | cannot write /nowhere/x.csv: no such file or directory
          --record=/nowhere/x  | cannot write /nowhere/x: no such file or directory
          --colour             | there is no option '--colour'
          """)
  void badUsageIsOneLine(String flag, String complaint) {
    assertThat(bench(flag, "--servers=" + FakeServer.nowhere())).isEqualTo(2);
    assertThat(err.toString(UTF_8)).startsWith("kv: " + complaint).hasLineCount(1);
    assertThat(out.toString(UTF_8)).isEmpty();
  }
}
