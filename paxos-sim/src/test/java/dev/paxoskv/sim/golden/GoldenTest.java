package dev.paxoskv.sim.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every golden script still tells what happens; {@code -Drewrite=true} rewrites them. */
class GoldenTest {
  private static final Path FOLDER = Path.of("..", "golden");

  static Stream<Path> scripts() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      List<Path> sorted =
          files.filter(f -> f.toString().endsWith(".txt")).sorted().toList();
      return sorted.stream();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("scripts")
  void theScriptTellsWhatHappens(Path script) throws IOException {
    String expected = Files.readString(script);
    String actual = GoldenScript.rewrite(expected);
    if (Boolean.getBoolean("rewrite")) {
      Files.writeString(script, actual);
    } else if (!actual.equals(expected)) {
      fail(script.getFileName() + " " + GoldenScript.difference(expected, actual)
          + "-Drewrite=true writes what happens now");
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("scripts")
  void aHeadingSaysWhatItTeaches(Path script) throws IOException {
    List<String> lines = Files.readAllLines(script);
    long heading = lines.stream().takeWhile(line -> line.startsWith("#")).count();
    assertThat(script.getFileName().toString()).matches("[0-9]{2}-[a-z0-9-]+\\.txt");
    assertThat(heading).isBetween(3L, 9L);
    assertThat(lines).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(100));
  }

  @Test
  void theScriptsAreNumberedWithoutGaps() throws IOException {
    List<Integer> numbers = scripts()
        .map(script -> Integer.parseInt(script.getFileName().toString().substring(0, 2)))
        .toList();
    assertThat(numbers).hasSizeGreaterThanOrEqualTo(25);
    assertThat(numbers.get(0)).isEqualTo(1);
    assertThat(numbers.get(numbers.size() - 1)).isEqualTo(numbers.size());
    assertThat(numbers).doesNotHaveDuplicates();
  }

  @Test
  void aDifferenceShowsTheCommand() {
    String script = """
        # a
        > peers 1
        > start 0 seq=0 v=x
          nothing
        > max
          0     max       0
        """;
    String difference = GoldenScript.difference(script, GoldenScript.rewrite(script));
    assertThat(difference).isEqualTo("""
        line 4
        expected:
            > start 0 seq=0 v=x
              nothing
        but now:
            > start 0 seq=0 v=x
              0     writes    promised seq=0 1.0
              0     writes    voted    seq=0 1.0 x
              0     decides   seq=0 x
        """);
    assertThat(GoldenScript.difference(script, script)).isEmpty();
  }

  @Test
  void aBadCommandNamesItsLine() {
    assertThatThrownBy(() -> GoldenScript.rewrite("# a\n> peers 3\n> deliver 0->1\n"))
        .hasMessage("line 3, > deliver 0->1: no such message is on its way");
    assertThatThrownBy(() -> GoldenScript.rewrite("> dance\n"))
        .hasMessage("line 1, > dance: no such command");
  }
}
