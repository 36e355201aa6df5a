package dev.paxoskv.sim.mutants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The checks that all tests of mutants share can fail, each of them. */
class MutantSuiteTest {
  private static final String PRODUCT = "the product as it is survives";
  private static final String LISTED = "every listed seed belongs to a mutant";
  private static final String NOTHING = "01-changes-nothing";

  /** A mistake that is none: a line is replaced by itself. */
  private static final String NO_CHANGE = """
      Nothing is another than in the product.
      --- dev/paxoskv/paxos/protocol/Quorum.java
      +++ dev/paxoskv/paxos/protocol/Quorum.java
      @@ -1 +1 @@
      -package dev.paxoskv.paxos.protocol;
      +package dev.paxoskv.paxos.protocol;
      """;

  /** A trial that finds fault with whatever it sees, by one seed only. */
  static final class Objector implements LongFunction<Map.Entry<Long, String>> {
    @Override
    public Map.Entry<Long, String> apply(long seed) {
      return Map.entry(1L, seed == 2 ? "never: content" : "");
    }
  }

  @TempDir
  private Path folder;

  private MutantSuite suite(Class<?> trial, long fresh, long sound, String... kills)
      throws IOException {
    Files.write(folder.resolve("kills.txt"), List.of(kills));
    Path sources =
        Mutants.of("paxos-sim/src/test/mutants", "paxos-core", trial.getName()).sources();
    return new Mutants(folder, sources, trial.getName()).suite(fresh, sound);
  }

  private static void run(MutantSuite suite, String name) {
    List<Runnable> named = suite
        .checks()
        .filter(check -> check.name().equals(name))
        .map(MutantSuite.Check::body)
        .toList();
    assertThat(named).hasSize(1);
    named.get(0).run();
  }

  @Test
  void aMutantThatChangesNothingSurvivesAndThatIsReported() throws IOException {
    Files.writeString(folder.resolve(NOTHING + ".patch"), NO_CHANGE);
    MutantSuite suite = suite(Gale.class, 4, 1, NOTHING + " 7 9");
    assertThat(suite.checks()).extracting("name").containsExactly(NOTHING, PRODUCT, LISTED);
    assertThatThrownBy(() -> run(suite, NOTHING))
        .isInstanceOf(AssertionError.class)
        .hasMessage(NOTHING + " survives its known seeds [7, 9] and 4 others");
    assertThatCode(() -> run(suite, PRODUCT)).doesNotThrowAnyException();
    assertThatCode(() -> run(suite, LISTED)).doesNotThrowAnyException();
  }

  @Test
  void aKillByAFreshSeedCounts() throws IOException {
    Files.writeString(folder.resolve(NOTHING + ".patch"), NO_CHANGE);
    assertThatCode(() -> run(suite(Objector.class, 3, 0, NOTHING + " 7"), NOTHING))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> run(suite(Objector.class, 2, 0, NOTHING + " 7"), NOTHING))
        .hasMessage(NOTHING + " survives its known seeds [7] and 2 others");
  }

  @Test
  void aTrialThatFindsFaultWithTheProductIsReported() throws IOException {
    assertThatCode(() -> run(suite(Objector.class, 0, 2), PRODUCT)).doesNotThrowAnyException();
    assertThatThrownBy(() -> run(suite(Objector.class, 0, 3), PRODUCT))
        .isInstanceOf(AssertionError.class)
        .hasMessage("the product is killed by seed 2: never: content");
  }

  @Test
  void seedsOfNoMutantAndMutantsWithoutSeedsAreReported() throws IOException {
    assertThatThrownBy(() -> run(suite(Objector.class, 0, 0), LISTED))
        .hasMessage("there is no mutant in " + folder);
    Files.writeString(folder.resolve(NOTHING + ".patch"), NO_CHANGE);
    assertThatThrownBy(() -> run(suite(Objector.class, 0, 0), LISTED))
        .hasMessage("seeds are listed for [], but the mutants are [" + NOTHING + "]");
    assertThatThrownBy(() -> run(suite(Objector.class, 0, 0, NOTHING + " 1", "02-gone 1"), LISTED))
        .hasMessage("seeds are listed for [" + NOTHING + ", 02-gone], but the mutants are ["
            + NOTHING + "]");
  }
}
