package dev.paxoskv.sim.mutants;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongFunction;
import java.util.stream.LongStream;

/**
 * Hunts each mutant with seeds until one kills it, and prints the table. Called by
 * {@code scripts/mutants}.
 */
public final class MutantHunt {
  private static final String ROW = "%-40s %-8s %9s %7s %10s %8s  %s%n";
  private static final double MICROS_PER_HOUR = 3.6e9;

  /**
   * How a hunt ended.
   *
   * @param verdict what was found wrong; empty if the mutant survived
   * @param seed the last one tried
   * @param tried how many seeds
   */
  record Kill(Optional<String> verdict, long seed, long tried) {}

  private MutantHunt() {}

  /** Arguments: first seed, seconds for each mutant, then {@code --write} to keep the kills. */
  public static void main(String[] arguments) throws IOException {
    long firstSeed = Long.parseLong(arguments[0]);
    long nanosMax = Long.parseLong(arguments[1]) * 1_000_000_000L;
    TreeMap<String, List<String>> kills = knownKills();
    int survivors = 0;
    System.out.printf(
        ROW, "mutant", "killer", "seed", "seeds", "sim hours", "seconds", "what was seen");
    for (Mutant mutant : Mutant.all()) {
      long begin = System.nanoTime();
      LongFunction<Optional<String>> gale = MutantWorld.gale(mutant.sources());
      LongStream seeds = LongStream.iterate(
          firstSeed, seed -> System.nanoTime() - begin < nanosMax, seed -> seed + 1);
      Kill kill = hunt(gale, seeds);
      print(mutant, kill, (System.nanoTime() - begin) / 1e9);
      survivors += kill.verdict().isEmpty() ? 1 : 0;
      kills.put(mutant.name(), List.of(Long.toString(kill.seed())));
    }
    if (arguments.length > 2) {
      keep(kills);
    }
    if (survivors > 0) {
      System.out.println(survivors + " survived");
      System.exit(1);
    }
  }

  /** Tries the seeds one after the other until one kills. */
  static Kill hunt(LongFunction<Optional<String>> gale, LongStream seeds) {
    long tried = 0;
    long last = -1;
    for (long seed : (Iterable<Long>) seeds::iterator) {
      tried++;
      last = seed;
      Optional<String> verdict = gale.apply(seed);
      if (verdict.isPresent()) {
        return new Kill(verdict, seed, tried);
      }
    }
    return new Kill(Optional.empty(), last, tried);
  }

  /** Seeds that have killed, by mutant. */
  static TreeMap<String, List<String>> knownKills() {
    TreeMap<String, List<String>> kills = new TreeMap<>();
    for (String line : Mutant.text(Mutant.KILLS).lines().toList()) {
      List<String> words = List.of(line.strip().split(" +", -1));
      if (!line.startsWith("#")) {
        kills.put(words.get(0), words.subList(1, words.size()));
      }
    }
    return kills;
  }

  private static void keep(TreeMap<String, List<String>> kills) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("# Seeds that kill, written by: scripts/mutants --write");
    kills.forEach((name, seeds) -> lines.add(name + " " + String.join(" ", seeds)));
    Files.write(Mutant.KILLS, lines);
  }

  private static void print(Mutant mutant, Kill kill, double seconds) {
    String verdict = kill.verdict().orElse("SURVIVED: ");
    double hours = kill.tried() * Gale.MICROS / MICROS_PER_HOUR;
    System.out.printf(
        ROW,
        mutant.name(),
        verdict.substring(0, Math.max(0, verdict.indexOf(':'))),
        kill.seed(),
        kill.tried(),
        String.format("%.2f", hours),
        String.format("%.1f", seconds),
        verdict.substring(verdict.indexOf(':') + 1).strip());
  }
}
