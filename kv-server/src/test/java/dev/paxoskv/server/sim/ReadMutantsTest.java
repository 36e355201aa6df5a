package dev.paxoskv.server.sim;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.paxoskv.sim.mutants.Mutants;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each deliberate mistake about how far a read must wait is found by a run full of reads. */
class ReadMutantsTest {
  @TestFactory
  Stream<DynamicTest> mutants() {
    return Mutants.of("kv-server/src/test/mutants/reads", "paxos-core", ReadGale.class.getName())
        .suite(100, 60)
        .checks()
        .map(check -> dynamicTest(check.name(), check.body()::run));
  }
}
