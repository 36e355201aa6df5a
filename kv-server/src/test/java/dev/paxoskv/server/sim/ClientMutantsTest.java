package dev.paxoskv.server.sim;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.paxoskv.sim.mutants.Mutants;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each deliberate mistake in the client is found in a gale of sessions. */
class ClientMutantsTest {
  @TestFactory
  Stream<DynamicTest> mutants() {
    return Mutants.of("kv-server/src/test/mutants/client", "kv-client", SessionGale.class.getName())
        .suite(100, 8)
        .checks()
        .map(check -> dynamicTest(check.name(), check.body()::run));
  }
}
