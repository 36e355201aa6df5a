package dev.paxoskv.server.backup;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.paxoskv.sim.mutants.Mutants;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each deliberate mistake about backups is found when enough of them are made and restored. */
class BackupMutantsTest {
  @TestFactory
  Stream<DynamicTest> mutants() {
    return Mutants.of("kv-server/src/test/mutants/backup", "kv-server", BackupGale.class.getName())
        .suite(100, 40)
        .checks()
        .map(check -> dynamicTest(check.name(), check.body()::run));
  }
}
