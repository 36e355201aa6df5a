package dev.paxoskv.server.sim;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.paxoskv.sim.mutants.Mutants;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each deliberate mistake about writes with conditions is found by a run full of them. */
class ConditionMutantsTest {
  @TestFactory
  Stream<DynamicTest> mutants() {
    return Mutants.of(
            "kv-server/src/test/mutants/conditions", "kv-server", ConditionGale.class.getName())
        .suite(100, 60)
        .checks()
        .map(check -> dynamicTest(check.name(), check.body()::run));
  }
}
