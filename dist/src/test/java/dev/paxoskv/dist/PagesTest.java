package dev.paxoskv.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.UsageMessageSpec;

class PagesTest {
  @Test
  void everyPageOfKvHasItsExitCodesAndNotes() {
    CommandLine kv = Pages.programs().get(0).commandLine();
    Stream.concat(Stream.of(kv), kv.getSubcommands().values().stream()).forEach(command -> {
      UsageMessageSpec usage = command.getCommandSpec().usageMessage();
      String name = command.getCommandSpec().qualifiedName();
      assertThat(usage.exitCodeList().keySet()).as(name).contains("0", "1", "2", "3", "4");
      // Without a heading the pages leave a footer out.
      assertThat(usage.footerHeading()).as(name).isNotEmpty();
    });
  }

  @Test
  void thePageOfTheServerHasItsExitCodes() {
    UsageMessageSpec usage = Pages.programs().get(1).usageMessage();
    assertThat(usage.exitCodeList().keySet()).contains("0", "1", "2", "3");
  }

  @Test
  void whatAsciiDocWouldReadInItsOwnWayIsAsMeant() {
    assertThat(Pages.asMeant("== Synopsis\n\nkv a\nkv b\n\n// end\n"))
        .as("two ways to call a command")
        .isEqualTo("== Synopsis\n\nkv a +\nkv b\n\n// end\n");
    String one = "== Synopsis\n\nkv a\n\n// end\n";
    assertThat(Pages.asMeant(one)).isEqualTo(one);
    assertThat(Pages.asMeant("== Notes:\n\nPut -- before --key\n"))
        .isEqualTo("== Notes\n\nPut +--+ before --key\n");
  }
}
