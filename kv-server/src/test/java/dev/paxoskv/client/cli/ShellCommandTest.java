package dev.paxoskv.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.server.KvServer;
import dev.paxoskv.server.KvServerConfig;
import dev.paxoskv.sim.tcp.ReservedPorts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code kv shell}, spoken to by a file. */
class ShellCommandTest {
  private final ReservedPorts ports = new ReservedPorts(1);
  private final KvServer server = KvServer.open(KvServerConfig.of(ports.addresses(), 0));
  private final Shell shell = new Shell("127.0.0.1:" + server.port());

  @AfterEach
  void close() {
    server.close();
    ports.close();
  }

  @Test
  void eachLineIsACommand() {
    String input = """
        # a note
        put k 'two words'

        append k "; more"
        get k
        exit
        put k never
        """;
    assertThat(shell.kvWithInput(input, "shell")).isZero();
    assertThat(shell.out()).isEqualTo("two words; more\n");
    assertThat(shell.kv("get", "k")).isZero();
    assertThat(shell.out()).isEqualTo("two words; more");
  }

  @Test
  void blanksAtTheEndOfALineAreNoWordAndEmptyQuotesAre() {
    String input = """
        put k value\s
        put k\s
        \tget   k \t
        cas k value ""
        cas k "" {"a":"b c"}
        get k
        """;
    assertThat(shell.kvWithInput(input, "shell")).isEqualTo(2);
    assertThat(shell.err()).contains("Missing required parameter: 'VALUE'").hasLineCount(1);
    assertThat(shell.out()).isEqualTo("value\n{\"a\":\"b c\"}\n");
  }

  @Test
  void whatCommandsPrintDoesNotRunTogether() {
    shell.kvWithInput("put a 1\nput b 12\n", "shell");
    assertThat(shell.kvWithInput("get a\nget b\nget a --json\n", "shell")).isZero();
    assertThat(shell.out().lines()).startsWith("1", "12").hasSize(3);
  }

  @Test
  void theFirstFailureIsTheExitCodeAndTheRestIsCarriedOut() {
    assertThat(shell.kvWithInput("get nothing\nput k\nput k v\nget k\n", "shell"))
        .isEqualTo(1);
    assertThat(shell.out()).isEqualTo("v\n");
    assertThat(shell.err()).contains("key not found: nothing");
  }

  @Test
  void helpIsThere() {
    assertThat(shell.kvWithInput("help\nhelp scan\n", "shell")).isZero();
    assertThat(shell.out()).contains("Commands:").contains("--limit");
  }

  @Test
  void whatCannotBeIsRefused() {
    assertThat(shell.kvWithInput("put k 'open\n", "shell")).isEqualTo(2);
    assertThat(shell.err()).contains("a quote is not closed");
    assertThat(shell.kvWithInput("put k -\n", "shell")).isEqualTo(2);
    assertThat(shell.err()).contains("it is the shell's");
    assertThat(shell.kvWithInput("shell\n", "shell")).isEqualTo(2);
  }

  @Test
  void theFlagsOfTheShellHoldForEachLine() {
    Shell nowhere = new Shell("127.0.0.1:1");
    assertThat(nowhere.kvWithInput("get k\n", "--timeout=200ms", "shell")).isEqualTo(4);
  }

  @Test
  void completionIsGenerated() {
    assertThat(shell.kv("generate-completion")).isZero();
    assertThat(shell.out()).contains("complete -F").contains("explain");
  }
}
