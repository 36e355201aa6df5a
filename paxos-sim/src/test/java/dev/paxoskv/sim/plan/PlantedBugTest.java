package dev.paxoskv.sim.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.sim.golden.GoldenScript;
import dev.paxoskv.sim.mutants.Mutant;
import dev.paxoskv.sim.mutants.Mutants;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * From a mistake in the acceptor to a script that shows it: fresh seeds find it, the plan is made
 * small, and the peers, which by hand too are those of the product, are led the same way. The
 * mistake is in their real acceptor, so no plant stands in for it.
 */
class PlantedBugTest {
  private static final int SIZE_MAX = 12;
  private static final Mutants MUTANTS =
      Mutants.of("paxos-sim/src/test/mutants", "paxos-core", PlantedBug.class.getName());

  @Test
  void acceptsBelowThePromise() {
    Map<String, String> found = found("03-");
    assertThat(found.get("rule")).isEqualTo("promise never falls");
    String script = found.get("script");
    assertThat(script.lines().filter(line -> line.startsWith(">")))
        .hasSizeLessThanOrEqualTo(SIZE_MAX);
    assertThat(script).containsPattern("> check\n  broken");
    assertThat(found.get("explored")).containsPattern("> check\n  broken");
    assertThat(found.get("printed"))
        .startsWith("exit 1\n")
        .contains("smallest plan, " + found.get("events") + " events")
        .endsWith("golden script:\n" + script + "\n");
    isWellInTheProduct(script);
    isWellInTheProduct(found.get("explored"));
  }

  @Test
  void hidesItsVote() {
    // The checkers of a run see it in the first answer, the check of a script only in what comes of
    // it; so here it takes the explorer.
    String script = found("62-").get("explored");
    assertThat(script).containsPattern("> check\n  broken: two values chosen");
    isWellInTheProduct(script);
  }

  private static Map<String, String> found(String mutant) {
    long firstSeed = RandomGenerator.getDefault().nextLong(1L << 40);
    System.out.println("mutant " + mutant + ", seeds from " + firstSeed);
    Map<String, String> found = swarm(mutant).apply(firstSeed);
    System.out.println(found.get("finding") + "script:\n" + found.get("script") + "explored:\n"
        + found.get("explored"));
    assertThat(Integer.parseInt(found.get("events"))).isLessThanOrEqualTo(SIZE_MAX);
    return found;
  }

  @SuppressWarnings("unchecked") // It is a PlantedBug of that world.
  private static LongFunction<Map<String, String>> swarm(String name) {
    Mutant mutant = MUTANTS.all().stream()
        .filter(each -> each.name().startsWith(name))
        .findFirst()
        .orElseThrow();
    return MUTANTS.inTheWorldOf(mutant, PlantedBug.class.getName(), LongFunction.class);
  }

  /** There the same events happen, and the last of them does no harm. */
  private static void isWellInTheProduct(String script) {
    assertThat(GoldenScript.rewrite(script)).endsWith("> check\n  all well\n");
  }
}
