package dev.paxoskv.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What is said before a server starts. */
class KvServerCommandTest {
  private final PrintStream before = System.err;
  private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

  @BeforeEach
  void listen() {
    System.setErr(new PrintStream(errors, true, UTF_8));
  }

  @AfterEach
  void leave() {
    System.setErr(before);
  }

  @Test
  void flagsComeFromTheEnvironment() {
    assertThat(KvServerCommand.run(Map.of("PAXOSKV_PEERS", "here,there:1"))).isEqualTo(2);
    assertThat(errors.toString(UTF_8)).contains("'here' is not an address");
  }

  @Test
  void whatIsGivenGoesBeforeTheEnvironment() {
    Map<String, String> environment = Map.of("PAXOSKV_PEERS", "here", "PAXOSKV_IN_MEMORY", "true");
    assertThat(KvServerCommand.run(environment, "--peers=there", "--data-dir=x"))
        .isEqualTo(2);
    assertThat(errors.toString(UTF_8)).contains("--data-dir and --in-memory exclude each other");
    errors.reset();
    assertThat(KvServerCommand.run(Map.of("PAXOSKV_PEERS", "here"), "--peers=there"))
        .isEqualTo(2);
    assertThat(errors.toString(UTF_8))
        .contains("'there' is not an address")
        .doesNotContain("'here'");
  }

  @Test
  void aValueOfTheEnvironmentMayBeWrong() {
    assertThat(KvServerCommand.run(Map.of("PAXOSKV_ADMIN_PORT", "many"))).isEqualTo(2);
    assertThat(errors.toString(UTF_8)).contains("many");
    assertThat(KvServerCommand.run(Map.of("PAXOSKV_ADMIN_PORT", "65536"))).isEqualTo(2);
    assertThat(errors.toString(UTF_8)).contains("--admin-port takes a port from 0 to 65535");
  }

  /** Of {@code --data-dir=$DIR} without a DIR, which would be the working directory. */
  @Test
  void anEmptyNameIsNoDataDirectory() {
    assertThat(KvServerCommand.run(Map.of(), "--data-dir=", "--me=0")).isEqualTo(2);
    assertThat(errors.toString(UTF_8)).contains("--data-dir= names no directory");
  }

  @Test
  void aLogLevelIsOneOfFour() {
    assertThat(KvServerCommand.run(Map.of(), "--log-level=loud")).isEqualTo(2);
    assertThat(errors.toString(UTF_8)).contains("loud");
  }

  @Test
  void aVariableThatNamesNoFlagIsFound() {
    EnvironmentFlags flags = new EnvironmentFlags(
        Map.of("PAXOSKV_DATADIR", "x", "PAXOSKV_DATA_DIR", "x", "HOME", "x", "PAXOSKV_ME", "1"));
    CommandLine parser = new CommandLine(new KvServerCommand());
    assertThat(flags.unknown(parser.getCommandSpec())).containsExactly("PAXOSKV_DATADIR");
  }
}
