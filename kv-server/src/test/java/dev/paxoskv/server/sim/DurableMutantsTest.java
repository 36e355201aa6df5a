package dev.paxoskv.server.sim;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.paxoskv.sim.mutants.Mutants;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each deliberate mistake about what is durable is found by a run of durable servers. */
class DurableMutantsTest {
  @TestFactory
  Stream<DynamicTest> mutants() {
    return Mutants.of("kv-server/src/test/mutants/core", "paxos-core", DurableGale.class.getName())
        .suite(200, 20)
        .checks()
        .map(check -> dynamicTest(check.name(), check.body()::run));
  }
}
