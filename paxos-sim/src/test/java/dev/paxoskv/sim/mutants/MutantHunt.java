package dev.paxoskv.sim.mutants;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
   * @param objection what was found wrong; empty if the mutant survived
   * @param seed the last one tried
   * @param tried how many seeds
   * @param micros how much virtual time
   */
  record Kill(String objection, long seed, long tried, long micros) {
    boolean isSurvival() {
      return objection.isEmpty();
    }
  }

  private MutantHunt() {}

  /**
   * Arguments: first seed; seconds for each mutant; whether to keep the killing seeds; then the
   * beginnings of the names of the mutants to hunt, or nothing for all.
   */
  public static void main(String[] arguments) throws IOException {
    long firstSeed = Long.parseLong(arguments[0]);
    long nanosMax = Long.parseLong(arguments[1]) * 1_000_000_000L;
    boolean keeps = Boolean.parseBoolean(arguments[2]);
    List<String> names = List.of(arguments).subList(3, arguments.length);
    Map<String, List<String>> kills = knownKills();
    int survivors = 0;
    System.out.printf(
        ROW, "mutant", "killer", "seed", "seeds", "sim hours", "seconds", "what was seen");
    for (Mutant mutant : Mutant.all()) {
      if (names.isEmpty() || names.stream().anyMatch(mutant.name()::startsWith)) {
        Kill kill = hunt(mutant, firstSeed, nanosMax);
        survivors += kill.isSurvival() ? 1 : 0;
        kills.put(mutant.name(), List.of(Long.toString(kill.seed())));
      }
    }
    if (keeps) {
      keep(kills);
    }
    if (survivors > 0) {
      System.out.println(survivors + " survived");
      System.exit(1);
    }
  }

  private static Kill hunt(Mutant mutant, long firstSeed, long nanosMax) {
    long begin = System.nanoTime();
    LongStream seeds = LongStream.iterate(
        firstSeed, seed -> System.nanoTime() - begin < nanosMax, seed -> seed + 1);
    Kill kill = hunt(MutantWorld.gale(mutant.sources()), seeds);
    print(mutant, kill, (System.nanoTime() - begin) / 1e9);
    return kill;
  }

  /** Tries the seeds one after the other until one kills. */
  static Kill hunt(LongFunction<Map.Entry<Long, String>> gale, LongStream seeds) {
    long tried = 0;
    long last = -1;
    long micros = 0;
    for (long seed : (Iterable<Long>) seeds::iterator) {
      Map.Entry<Long, String> run = gale.apply(seed);
      tried++;
      last = seed;
      micros += run.getKey();
      if (!run.getValue().isEmpty()) {
        return new Kill(run.getValue(), seed, tried, micros);
      }
    }
    return new Kill("", last, tried, micros);
  }

  /** Seeds that have killed, by mutant. */
  static Map<String, List<String>> knownKills() {
    TreeMap<String, List<String>> kills = new TreeMap<>();
    for (String line : Mutant.text(Mutant.KILLS).lines().toList()) {
      List<String> words = List.of(line.strip().split(" +", -1));
      if (!line.startsWith("#")) {
        kills.put(words.get(0), words.subList(1, words.size()));
      }
    }
    return kills;
  }

  private static void keep(Map<String, List<String>> kills) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("# Seeds that kill, written by: scripts/mutants --write");
    kills.forEach((name, seeds) -> lines.add(name + " " + String.join(" ", seeds)));
    Files.write(Mutant.KILLS, lines);
  }

  private static void print(Mutant mutant, Kill kill, double seconds) {
    String objection = kill.isSurvival() ? "SURVIVED: " : kill.objection();
    int colon = objection.indexOf(':');
    System.out.printf(
        ROW,
        mutant.name(),
        objection.substring(0, colon),
        kill.seed(),
        kill.tried(),
        String.format("%.2f", kill.micros() / MICROS_PER_HOUR),
        String.format("%.1f", seconds),
        objection.substring(colon + 1).strip());
  }
}
