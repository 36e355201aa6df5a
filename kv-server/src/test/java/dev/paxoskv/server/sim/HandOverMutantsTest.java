package dev.paxoskv.server.sim;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.paxoskv.sim.mutants.Mutants;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each deliberate mistake about who may lead, and who not, beside a snapshot is found. */
class HandOverMutantsTest {
  @TestFactory
  Stream<DynamicTest> mutants() {
    return Mutants.of(
            "kv-server/src/test/mutants/handover", "paxos-core", HandOverGale.class.getName())
        .suite(40, 5)
        .checks()
        .map(check -> dynamicTest(check.name(), check.body()::run));
  }
}
