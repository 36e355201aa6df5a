package dev.paxoskv.server.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.sim.mutants.Kill;
import dev.paxoskv.sim.mutants.Mutant;
import dev.paxoskv.sim.mutants.Mutants;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each deliberate mistake about who must not lead, as it fetches a snapshot, is found. */
class HandOverMutantsTest {
  private static final Mutants MUTANTS =
      Mutants.of("kv-server/src/test/mutants/handover", "paxos-core", HandOverGale.class.getName());
  private static final Map<String, List<Long>> KILLS = MUTANTS.knownKills();

  /** If the known seeds kill no more since the simulator has changed, these should. */
  private static final long FRESH_SEEDS = 40;

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
        .as("%s survives its known seeds and %d others", mutant, FRESH_SEEDS)
        .isNotEmpty();
  }

  @Test
  void theProductSurvives() {
    Kill kill = Mutants.hunt(MUTANTS.trialOfTheProduct(), LongStream.range(0, 5));
    assertThat(kill.objection()).as("seed %d", kill.seed()).isEmpty();
    assertThat(kill.tried()).isEqualTo(5);
  }

  @Test
  void everyListedSeedBelongsToAMutant() {
    assertThat(mutants().map(Mutant::name)).containsExactlyInAnyOrderElementsOf(KILLS.keySet());
  }
}
