package dev.paxoskv.sim.mutants;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A deliberate mistake in the product.
 *
 * @param name the patch's file name without its ending
 * @param patch the mistake
 */
record Mutant(String name, Patch patch) {
  private static final Path MODULE = module();
  private static final Path PATCHES = MODULE.resolve("src/test/mutants");
  private static final Path SOURCES = MODULE.resolveSibling("paxos-core/src/main/java");

  /** For each mutant seeds that are known to kill it: {@code name seed...} a line. */
  static final Path KILLS = PATCHES.resolve("kills.txt");

  /** All that are kept, in the order of their numbers. */
  static List<Mutant> all() {
    try (Stream<Path> files = Files.list(PATCHES)) {
      return files
          .filter(file -> file.toString().endsWith(".patch"))
          .sorted()
          .map(Mutant::read)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The sources that the mistake changes, by path, after the change. */
  Map<String, String> sources() {
    return patch.apply(path -> text(SOURCES.resolve(path)));
  }

  private static Mutant read(Path file) {
    String name = String.valueOf(file.getFileName());
    return new Mutant(name.substring(0, name.lastIndexOf('.')), Patch.parse(text(file)));
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Maven starts tests in their module; a script may be anywhere above. */
  private static Path module() {
    Path here = Path.of("").toAbsolutePath();
    return here.endsWith("paxos-sim") ? here : here.resolve("paxos-sim");
  }
}
