package dev.paxoskv.sim.play;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What docs/learn-paxos.md sends its reader to is there. */
class LearnPaxosTest {
  private static final Path PAGE = Path.of("..", "docs", "learn-paxos.md");
  private static final Path LIBRARY = Path.of("..", "paxos-core", "src", "main", "java");
  private static final Pattern LINK = Pattern.compile("]\\(([^)]+)\\)");
  private static final Pattern CODE = Pattern.compile("`([A-Z]\\w+)(?:\\.([a-zA-Z]\\w*))?`");

  private static List<MatchResult> found(Pattern pattern) throws IOException {
    return pattern.matcher(Files.readString(PAGE)).results().toList();
  }

  @Test
  void everyLinkLeadsToAFile() throws IOException {
    assertThat(found(LINK))
        .hasSizeGreaterThan(30)
        .allSatisfy(link -> assertThat(PAGE.resolveSibling(link.group(1))).isRegularFile());
  }

  @Test
  void everyPieceOfCodeIsInTheLibrary() throws IOException {
    assertThat(found(CODE)).hasSizeGreaterThan(20).allSatisfy(name -> {
      Path file = fileOf(name.group(1));
      if (name.group(2) != null) {
        assertThat(Files.readString(file)).contains(" " + name.group(2));
      }
    });
  }

  private static Path fileOf(String type) throws IOException {
    try (Stream<Path> files = Files.walk(LIBRARY)) {
      List<Path> named = files.filter(file -> file.endsWith(type + ".java")).toList();
      assertThat(named).describedAs(type).hasSize(1);
      return named.get(0);
    }
  }
}
