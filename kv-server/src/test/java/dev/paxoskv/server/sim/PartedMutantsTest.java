package dev.paxoskv.server.sim;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.paxoskv.sim.mutants.Mutants;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each deliberate mistake about what servers do whose states differ is found. */
class PartedMutantsTest {
  @TestFactory
  Stream<DynamicTest> mutants() {
    return Mutants.of("kv-server/src/test/mutants/compare", "kv-server", PartedGale.class.getName())
        .suite(20, 1)
        .checks()
        .map(check -> dynamicTest(check.name(), check.body()::run));
  }
}
