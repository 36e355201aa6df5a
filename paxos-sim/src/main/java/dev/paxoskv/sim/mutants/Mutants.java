package dev.paxoskv.sim.mutants;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The deliberate mistakes that are kept in one folder, and the trial that ought to find them.
 * Immutable; every call reads the files anew.
 *
 * @param patches the folder that keeps them
 * @param sources the root of the sources that they change
 * @param trial a class with a constructor without parameters: a {@code LongFunction} from a seed to
 *     the microseconds of virtual time that passed and what was found wrong, empty if nothing was
 */
public record Mutants(Path patches, Path sources, String trial) {
  private static final String ENDING = ".patch";

  /**
   * The mutants in one folder.
   *
   * @param folder that keeps them, seen from the root of the project
   * @param changed the name of the module whose main sources they change
   * @param trial what ought to find them
   */
  public static Mutants of(String folder, String changed, String trial) {
    // Maven starts tests in their module; a script is started above all of them.
    Path here = Path.of("").toAbsolutePath();
    Path root = Files.isDirectory(here.resolve(folder)) ? here : here.resolveSibling("");
    return new Mutants(root.resolve(folder), root.resolve(changed + "/src/main/java"), trial);
  }

  /**
   * What a test has to see of them.
   *
   * @param freshSeeds so many are tried when the known ones kill no more
   * @param soundSeeds so many must find nothing wrong with the product as it is
   */
  public MutantSuite suite(long freshSeeds, long soundSeeds) {
    return new MutantSuite(this, freshSeeds, soundSeeds);
  }

  /**
   * All that are kept, in the order of their numbers.
   *
   * @throws UncheckedIOException if they cannot be read
   */
  public List<Mutant> all() {
    try (Stream<Path> files = Files.list(patches)) {
      return files
          .filter(file -> file.toString().endsWith(ENDING))
          .sorted()
          .map(file -> new Mutant(name(file), text(file)))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Seeds that are known to kill, by the name of the mutant.
   *
   * @throws UncheckedIOException if they cannot be read
   */
  Map<String, List<Long>> knownKills() {
    TreeMap<String, List<Long>> kills = new TreeMap<>();
    for (String line : text(kills()).lines().toList()) {
      List<String> words = List.of(line.strip().split(" +", -1));
      if (!line.startsWith("#")) {
        kills.put(
            words.get(0),
            words.subList(1, words.size()).stream().map(Long::valueOf).toList());
      }
    }
    return kills;
  }

  /** Keeps {@code kills} in place of what was known. */
  void keep(Map<String, List<Long>> kills) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("# Seeds that kill, written by: scripts/mutants --write");
    kills.forEach((name, seeds) ->
        lines.add(name + seeds.stream().map(s -> " " + s).reduce("", String::concat)));
    Files.write(kills(), lines);
  }

  /**
   * A class in a world where the product makes this mistake.
   *
   * @param className a class with a constructor without parameters
   * @param type an interface of the JDK that it implements; other types are not the same there
   * @throws IllegalArgumentException if the patch does not fit the sources, or does not compile
   */
  public <T> T inTheWorldOf(Mutant mutant, String className, Class<T> type) {
    Patch patch = Patch.parse(mutant.patch());
    return MutantWorld.load(patch.apply(path -> text(sources.resolve(path))), className, type);
  }

  /** The trial in a world where the product makes this mistake. */
  @SuppressWarnings("unchecked") // What a trial is like is said above.
  LongFunction<Map.Entry<Long, String>> trialOf(Mutant mutant) {
    return inTheWorldOf(mutant, trial, LongFunction.class);
  }

  /** The trial of the product as it is. */
  @SuppressWarnings("unchecked")
  LongFunction<Map.Entry<Long, String>> trialOfTheProduct() {
    return MutantWorld.load(Map.of(), trial, LongFunction.class);
  }

  /** Tries the seeds one after the other until one kills. */
  static Kill hunt(LongFunction<Map.Entry<Long, String>> trial, LongStream seeds) {
    long tried = 0;
    long last = -1;
    long micros = 0;
    for (long seed : (Iterable<Long>) seeds::iterator) {
      Map.Entry<Long, String> run = trial.apply(seed);
      tried++;
      last = seed;
      micros += run.getKey();
      if (!run.getValue().isEmpty()) {
        return new Kill(run.getValue(), seed, tried, micros);
      }
    }
    return new Kill("", last, tried, micros);
  }

  private Path kills() {
    return patches.resolve("kills.txt");
  }

  private static String name(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.substring(0, name.length() - ENDING.length());
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
