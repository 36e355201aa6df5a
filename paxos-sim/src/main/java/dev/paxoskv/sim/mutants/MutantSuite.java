package dev.paxoskv.sim.mutants;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * What must hold of the mutants of one folder, check by check, for a test to run: the trial kills
 * each of them and not the product, and every listed seed belongs to one of them. Immutable.
 *
 * @param mutants of which it must hold
 * @param freshSeeds if the known seeds of a mutant kill no more, since something has changed, one
 *     of so many others should
 * @param soundSeeds so many must find nothing wrong with the product as it is
 */
public record MutantSuite(Mutants mutants, long freshSeeds, long soundSeeds) {

  /**
   * One thing that must hold.
   *
   * @param name what it is about: a mutant's name, or a few words
   * @param body throws an {@link AssertionError} if it does not hold
   */
  public record Check(String name, Runnable body) {}

  /**
   * All checks; each mutant is compiled when its own is run.
   *
   * @throws java.io.UncheckedIOException if the folder cannot be read
   */
  public Stream<Check> checks() {
    List<Mutant> all = mutants.all();
    Map<String, List<Long>> kills = mutants.knownKills();
    return Stream.concat(
        all.stream()
            .map(mutant -> new Check(
                mutant.name(),
                () -> isKilled(mutant, kills.getOrDefault(mutant.name(), List.of())))),
        Stream.of(
            new Check("the product as it is survives", this::productSurvives),
            new Check("every listed seed belongs to a mutant", () -> areListed(all, kills))));
  }

  private void isKilled(Mutant mutant, List<Long> known) {
    LongStream seeds =
        LongStream.concat(known.stream().mapToLong(seed -> seed), LongStream.range(0, freshSeeds));
    Kill kill = Mutants.hunt(mutants.trialOf(mutant), seeds);
    check(
        !kill.isSurvival(),
        mutant + " survives its known seeds " + known + " and " + freshSeeds + " others");
    if (kill.tried() > known.size()) {
      System.out.println(mutant + ": known seeds stale, " + kill.seed() + " kills");
    }
  }

  private void productSurvives() {
    Kill kill = Mutants.hunt(mutants.trialOfTheProduct(), LongStream.range(0, soundSeeds));
    check(
        kill.isSurvival(),
        "the product is killed by seed " + kill.seed() + ": " + kill.objection());
  }

  private void areListed(List<Mutant> all, Map<String, List<Long>> kills) {
    TreeSet<String> names = new TreeSet<>(all.stream().map(Mutant::name).toList());
    check(!names.isEmpty(), "there is no mutant in " + mutants.patches());
    check(
        names.equals(kills.keySet()),
        "seeds are listed for " + kills.keySet() + ", but the mutants are " + names);
  }

  private static void check(boolean holds, String objection) {
    if (!holds) {
      throw new AssertionError(objection);
    }
  }
}
