package dev.paxoskv.sim.mutants;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Mistakes that only a leader can make, or only an acceptor that has promised for all instances.
 */
class LeaderMutantsTest {
  @TestFactory
  Stream<DynamicTest> mutants() {
    return Mutants.of("paxos-sim/src/test/mutants/leader", "paxos-core", LeaderGale.class.getName())
        .suite(1500, 200)
        .checks()
        .map(check -> dynamicTest(check.name(), check.body()::run));
  }
}
