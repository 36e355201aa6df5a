package dev.paxoskv.sim.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Mistakes that no weather brings out: those about who leads, which break no agreement; those that
 * harm in one course of events only; and those of the wire.
 */
class ElectionMutantsTest {
  private static final String FOLDER = "paxos-sim/src/test/mutants/";

  /** Folder by folder, and how many seeds the product itself must pass. */
  private static final Map<Mutants, Integer> SUITES = Map.of(
      Mutants.of(FOLDER + "election", "paxos-core", ElectionGale.class.getName()), 60,
      Mutants.of(FOLDER + "scripts", "paxos-core", GoldenGale.class.getName()), 100,
      Mutants.of(FOLDER + "net", "paxos-core", LinkGale.class.getName()), 2);

  /** If the known seeds kill no more since something has changed, these should. */
  private static final long FRESH_SEEDS = 200;

  static Stream<Arguments> mutants() {
    return SUITES.keySet().stream()
        .flatMap(suite -> suite.all().stream().map(mutant -> Arguments.of(mutant, suite)));
  }

  static Stream<Arguments> suites() {
    return SUITES.entrySet().stream().map(suite -> Arguments.of(suite.getKey(), suite.getValue()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mutants")
  void isKilled(Mutant mutant, Mutants suite) {
    List<Long> known = suite.knownKills().getOrDefault(mutant.name(), List.of());
    LongStream seeds =
        LongStream.concat(known.stream().mapToLong(seed -> seed), LongStream.range(0, FRESH_SEEDS));

    Kill kill = Mutants.hunt(suite.trialOf(mutant), seeds);

    assertThat(kill.objection())
        .as("%s survives its known seeds and %d others", mutant.name(), FRESH_SEEDS)
        .isNotEmpty();
    if (kill.tried() > known.size()) {
      System.out.println(mutant.name() + ": known seeds stale, " + kill.seed() + " kills");
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("suites")
  void theProductAsItIsSurvives(Mutants suite, int seeds) {
    Kill kill = Mutants.hunt(suite.trialOfTheProduct(), LongStream.range(0, seeds));
    assertThat(kill.objection()).as("seed %d", kill.seed()).isEmpty();
    assertThat(kill.tried()).isEqualTo(seeds);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("suites")
  void everyListedSeedBelongsToAMutant(Mutants suite, int seeds) {
    assertThat(suite.all().stream().map(Mutant::name))
        .containsExactlyInAnyOrderElementsOf(suite.knownKills().keySet());
  }
}
