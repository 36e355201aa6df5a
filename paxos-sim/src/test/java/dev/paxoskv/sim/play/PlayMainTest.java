package dev.paxoskv.sim.play;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.paxoskv.sim.golden.GoldenScript;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PlayMainTest {
  private static final Path FIRST = Path.of("..", "golden", "01-one-instance.txt");

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  private int play(String lines, boolean isAtTerminal, String... args) throws IOException {
    return PlayMain.run(
        new ByteArrayInputStream(lines.getBytes(UTF_8)),
        new PrintStream(printed, true, UTF_8),
        isAtTerminal,
        args);
  }

  private String printed() {
    return printed.toString(UTF_8);
  }

  @Test
  void whatItPrintsIsAGoldenScript() throws IOException {
    assertThat(play("# A remark.\n\npeers 3\nstart 0 seq=4 v=x\n> deliver all\n  old\n", false))
        .isZero();
    assertThat(printed())
        .startsWith("# A remark.\n\n> peers 3\n> start 0 seq=4 v=x\n  0     writes    promised")
        .contains("> deliver all\n  1<-0  prepare")
        .doesNotContain("old")
        .isEqualTo(GoldenScript.rewrite(printed()));
  }

  @Test
  void goesOnFromTheEndOfAFile() throws IOException {
    assertThat(play("start 1 seq=5 v=y\n", false, FIRST.toString())).isZero();
    assertThat(printed()).startsWith(Files.readString(FIRST)).endsWith("""
            > start 1 seq=5 v=y
              1     writes    promised seq=5 2.1
              1->0  prepare   seq=5 2.1
              1->2  prepare   seq=5 2.1
            """);
  }

  @Test
  void atATerminalAMistakeIsNotTheEnd() throws IOException {
    assertThat(play("peers 3\nstrat 0\nhelp\nstart 0 seq=0 v=x\nsettle\nstatus 2 seq=0\n", true))
        .isZero();
    assertThat(printed())
        .contains("> # no such command; there is peers start inflight deliver settle ")
        .contains("\ndeliver 0->1 accept")
        .endsWith("> " + "  2     decided x\n> \n");
  }

  @ParameterizedTest
  @CsvSource({
    "start 0 seq=4, 'there is no such peer, or a word is missing; write start 0 seq=4 v=x'",
    "start 7 seq=4 v=x, 'there is no such peer, or a word is missing; write start 0 seq=4 v=x'",
    "start x seq=4 v=x, 'a number is missing; write start 0 seq=4 v=x'",
    "deliver 0->1, 'no such message is on its way; write deliver 0->1 accept; deliver all'",
    "propose 0, 'nothing was handed to peer 0; write propose 0'"
  })
  void aLineThatCannotBePerformedSaysWhyAndHow(String line, String why) throws IOException {
    assertThat(play("peers 3\n" + line + "\nstatus\n", false)).isEqualTo(1);
    assertThat(printed()).isEqualTo("> peers 3\n> " + line + "\n# " + why + "\n");
  }

  @Test
  void aFileThatCannotBePlayedIsTheEnd(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("mine.txt"), "> peers 3\n> dance\n> status\n");
    assertThat(play("", false, file.toString())).isEqualTo(1);
    assertThat(printed()).startsWith("> peers 3\n> dance\n# no such command; there is peers");
  }

  @Test
  void whatIsNoFileIsToldOf() throws IOException {
    assertThat(play("", false, "nowhere.txt")).isEqualTo(2);
    assertThat(play("", false, "--help")).isEqualTo(2);
    assertThat(printed()).startsWith("there is no file nowhere.txt\nusage: play [FILE]");
  }

  @ParameterizedTest
  @MethodSource("dev.paxoskv.sim.play.Usages#names")
  void everyCommandThatIsListedIsThere(String name) {
    GoldenScript.Hand hand = new GoldenScript.Hand();
    hand.perform("peers 3");
    assertThatCode(() -> hand.perform(name)).satisfies(thrown -> {
      if (thrown != null) {
        assertThat(thrown).isInstanceOf(IllegalArgumentException.class);
        assertThat(thrown).message().isNotEqualTo("no such command");
      }
    });
  }
}
