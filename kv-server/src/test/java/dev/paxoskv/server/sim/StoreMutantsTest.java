package dev.paxoskv.server.sim;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.paxoskv.sim.mutants.Mutants;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The store's storms can fail: each deliberate mistake in the store is found by one. */
class StoreMutantsTest {
  @TestFactory
  Stream<DynamicTest> mutants() {
    return Mutants.of("kv-server/src/test/mutants", "kv-server", StoreGale.class.getName())
        .suite(100, 10)
        .checks()
        .map(check -> dynamicTest(check.name(), check.body()::run));
  }
}
