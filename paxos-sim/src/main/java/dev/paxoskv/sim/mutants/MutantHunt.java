package dev.paxoskv.sim.mutants;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongFunction;
import java.util.stream.LongStream;

/**
 * The command behind {@code scripts/mutants}: hunts each mutant with fresh seeds until one kills
 * it, and prints the table.
 */
final class MutantHunt {
  private static final String ROW = "%-40s %-10s %11s %7s %10s %8s  %s%n";
  private static final double MICROS_PER_HOUR = 3.6e9;

  /** So many seeds are kept for each, since a change of the simulator may make one stale. */
  private static final int KEPT_MAX = 3;

  private final long firstSeed;
  private final long nanosMax;
  private final boolean isKeeping;
  private final List<String> names;
  private int survivors;

  private MutantHunt(long firstSeed, long nanosMax, boolean isKeeping, List<String> names) {
    this.firstSeed = firstSeed;
    this.nanosMax = nanosMax;
    this.isKeeping = isKeeping;
    this.names = names;
  }

  /**
   * Arguments: first seed; seconds for each mutant; whether to keep the killing seeds; whose
   * mutants, {@code folder:changed module:trial} with commas between; then the beginnings of the
   * names of the mutants to hunt, or nothing for all.
   */
  public static void main(String[] arguments) throws IOException {
    MutantHunt hunt = new MutantHunt(
        Long.parseLong(arguments[0]),
        Long.parseLong(arguments[1]) * 1_000_000_000L,
        Boolean.parseBoolean(arguments[2]),
        List.of(arguments).subList(4, arguments.length));
    System.out.printf(
        ROW, "mutant", "killer", "seed", "seeds", "sim hours", "seconds", "what was seen");
    for (String suite : arguments[3].split(",", -1)) {
      String[] words = suite.split(":", -1);
      hunt.huntAll(Mutants.of(words[0], words[1], words[2]));
    }
    if (hunt.survivors > 0) {
      System.out.println(hunt.survivors + " survived");
    }
    System.exit(hunt.survivors > 0 ? 1 : 0);
  }

  private void huntAll(Mutants mutants) throws IOException {
    Map<String, List<Long>> known = mutants.knownKills();
    Map<String, List<Long>> kept = new TreeMap<>();
    for (Mutant mutant : mutants.all()) {
      List<Long> seeds = known.getOrDefault(mutant.name(), List.of());
      boolean isMeant = names.isEmpty() || names.stream().anyMatch(mutant.name()::startsWith);
      List<Long> kills = isMeant ? huntOne(mutants, mutant) : seeds;
      // A mutant that got away this time was killed by the old seeds once, and may be again.
      kept.put(mutant.name(), kills.isEmpty() ? seeds : kills);
    }
    if (isKeeping) {
      mutants.keep(kept);
    }
  }

  /** Prints the first kill; when seeds are to be kept, goes on for more. */
  private List<Long> huntOne(Mutants mutants, Mutant mutant) {
    long begin = System.nanoTime();
    LongFunction<Map.Entry<Long, String>> trial = mutants.trialOf(mutant);
    List<Long> seeds = new ArrayList<>();
    long next = firstSeed;
    boolean isOver = false;
    while (!isOver) {
      Kill kill = Mutants.hunt(
          trial,
          LongStream.iterate(next, seed -> System.nanoTime() - begin < nanosMax, seed -> seed + 1));
      if (seeds.isEmpty()) {
        print(mutant, kill, (System.nanoTime() - begin) / 1e9);
      }
      if (!kill.isSurvival()) {
        seeds.add(kill.seed());
      }
      isOver = kill.isSurvival() || !isKeeping || seeds.size() == KEPT_MAX;
      next = kill.seed() + 1;
    }
    survivors += seeds.isEmpty() ? 1 : 0;
    return seeds;
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
        String.format(Locale.ROOT, "%.2f", kill.micros() / MICROS_PER_HOUR),
        String.format(Locale.ROOT, "%.1f", seconds),
        objection.substring(colon + 1).strip().lines().findFirst().orElse(""));
  }
}
