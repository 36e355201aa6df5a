package dev.paxoskv.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.ExitCode;

/** The unit for systemd is one, and does not start again what stopped on purpose. */
class ServiceUnitTest {
  private static final Path UNIT = Path.of("src/package/systemd/paxoskv.service");
  private static final String INSTALLED = "/opt/paxoskv/bin/kv-server";

  private static String setting(String name) throws IOException {
    List<String> values = Files.readAllLines(UNIT).stream()
        .filter(line -> line.startsWith(name + "="))
        .map(line -> line.substring(name.length() + 1))
        .toList();
    assertThat(values).as(name).hasSize(1);
    return values.get(0);
  }

  @Test
  void aStopForSafetyAndBadFlagsAreFinal() throws IOException {
    assertThat(setting("Restart")).isEqualTo("on-failure");
    assertThat(setting("RestartPreventExitStatus"))
        .isEqualTo(ExitCode.SOFTWARE + " " + ExitCode.USAGE);
  }

  @Test
  void systemdTakesIt(@TempDir Path directory) throws IOException, InterruptedException {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/systemd-analyze")), "there is no systemd-analyze");
    String program = Path.of("src/package/bin/kv-server").toAbsolutePath().toString();
    String unit = Files.readString(UNIT);
    assertThat(unit).contains("ExecStart=" + INSTALLED + " ");
    Path here = directory.resolve("paxoskv.service");
    Files.writeString(here, unit.replace("ExecStart=" + INSTALLED, "ExecStart=" + program));
    Path said = directory.resolve("said");
    Process process = new ProcessBuilder(
            "/usr/bin/systemd-analyze", "--man=no", "verify", here.toString())
        .redirectErrorStream(true)
        .redirectOutput(said.toFile())
        .start();

    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    // It also complains of units of the machine it runs on.
    assertThat(Files.readAllLines(said).stream().filter(line -> line.contains("paxoskv.service")))
        .isEmpty();
  }
}
