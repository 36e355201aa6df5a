package dev.paxoskv.sim.mutants;

import dev.paxoskv.sim.golden.GoldenScript;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.stream.Stream;

/**
 * The golden scripts, one for each seed: no time, and what their last check finds broken. For
 * mistakes that do harm in one course of events only, which no dice come upon.
 */
final class GoldenGale implements LongFunction<Map.Entry<Long, String>> {
  private final List<String> scripts = scripts();

  @Override
  public Map.Entry<Long, String> apply(long seed) {
    String script = scripts.get(Math.toIntExact(Math.floorMod(seed, scripts.size())));
    try {
      return Map.entry(
          0L,
          GoldenScript.rewrite(script)
              .lines()
              .map(String::strip)
              .filter(line -> line.startsWith("broken: "))
              .map("script: "::concat)
              .findFirst()
              .orElse(""));
    } catch (IllegalArgumentException e) {
      // Another course of events may not have the message that is to arrive next.
      return Map.entry(0L, "");
    }
  }

  private static List<String> scripts() {
    Path here = Path.of("golden");
    Path folder = Files.isDirectory(here) ? here : Path.of("..", "golden");
    try (Stream<Path> files = Files.list(folder)) {
      // Some scripts show on purpose what breaks.
      return files
          .sorted()
          .map(GoldenGale::text)
          .filter(text -> !text.contains("broken: "))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
