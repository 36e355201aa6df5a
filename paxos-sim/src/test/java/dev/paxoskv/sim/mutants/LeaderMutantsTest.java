package dev.paxoskv.sim.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Mistakes that only a leader can make, or only an acceptor that has promised for all instances.
 */
class LeaderMutantsTest {
  private static final Mutants MUTANTS =
      Mutants.of("paxos-sim/src/test/mutants/leader", "paxos-core", LeaderGale.class.getName());
  private static final Map<String, List<Long>> KILLS = MUTANTS.knownKills();

  /** If the known seeds kill no more since the simulator has changed, these should. */
  private static final long FRESH_SEEDS = 1500;

  static Stream<Mutant> mutants() {
    return MUTANTS.all().stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mutants")
  void isKilled(Mutant mutant) {
    List<Long> known = KILLS.getOrDefault(mutant.name(), List.of());
    LongStream seeds =
        LongStream.concat(known.stream().mapToLong(seed -> seed), LongStream.range(0, FRESH_SEEDS));

    Kill kill = Mutants.hunt(MUTANTS.trialOf(mutant), seeds);

    assertThat(kill.objection())
        .as("%s survives its known seeds and %d others", mutant.name(), FRESH_SEEDS)
        .isNotEmpty();
    if (kill.tried() > known.size()) {
      System.out.println(mutant.name() + ": known seeds stale, " + kill.seed() + " kills");
    }
  }

  @Test
  void theProductAsItIsSurvives() {
    Kill kill = Mutants.hunt(MUTANTS.trialOfTheProduct(), LongStream.range(0, 200));
    assertThat(kill.objection()).as("seed %d", kill.seed()).isEmpty();
    assertThat(kill.tried()).isEqualTo(200);
  }

  @Test
  void everyListedSeedBelongsToAMutant() {
    assertThat(mutants().map(Mutant::name)).containsExactlyInAnyOrderElementsOf(KILLS.keySet());
  }
}
