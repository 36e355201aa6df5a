package dev.paxoskv.server.sim;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.paxoskv.sim.mutants.Mutants;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each deliberate mistake of the Redis door is found by clients that hold it to its word. */
class RedisMutantsTest {
  @TestFactory
  Stream<DynamicTest> mutants() {
    return Mutants.of("kv-server/src/test/mutants/redis", "kv-server", RedisGale.class.getName())
        .suite(100, 60)
        .checks()
        .map(check -> dynamicTest(check.name(), check.body()::run));
  }
}
