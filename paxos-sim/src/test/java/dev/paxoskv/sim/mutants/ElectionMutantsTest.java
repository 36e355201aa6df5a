package dev.paxoskv.sim.mutants;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Mistakes that no weather brings out: those about who leads, which break no agreement; those that
 * harm in one course of events only; and those of the wire.
 */
class ElectionMutantsTest {
  private static final String FOLDER = "paxos-sim/src/test/mutants/";
  private static final long FRESH_SEEDS = 200;

  @TestFactory
  Stream<DynamicTest> mutants() {
    return Stream.of(
            suite("election", ElectionGale.class, 60),
            suite("scripts", GoldenGale.class, 100),
            suite("net", LinkGale.class, 2))
        .flatMap(MutantSuite::checks)
        .map(check -> dynamicTest(check.name(), check.body()::run));
  }

  private static MutantSuite suite(String folder, Class<?> gale, long soundSeeds) {
    return Mutants.of(FOLDER + folder, "paxos-core", gale.getName()).suite(FRESH_SEEDS, soundSeeds);
  }
}
