package dev.paxoskv.paxos;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.paxoskv.paxos.host.purity.HostFixture;
import dev.paxoskv.paxos.protocol.purity.Impure;
import dev.paxoskv.paxos.protocol.purity.Pure;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Keeps threads, clocks, dice, files, sockets and loggers out of the protocol, its host and the
 * journal.
 */
class PurityTest {
  private static final JavaClasses MAIN = new ClassFileImporter()
      .withImportOption(new ImportOption.DoNotIncludeTests())
      .importPackages(
          PurityRules.PROTOCOL, PurityRules.HOST, PurityRules.JOURNAL, PurityRules.IDENTITY);

  @Test
  void productionIsPure() {
    for (ArchRule rule : PurityRules.ALL) {
      rule.check(MAIN);
    }
  }

  @Test
  void pureCodePasses() {
    assertThat(violations(Pure.class)).isEmpty();
    assertThat(violations(HostFixture.class)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("impure")
  void impureCodeIsRefused(Class<?> fixture, String offence) {
    assertThat(violations(fixture)).anyMatch(violation -> violation.contains(offence));
  }

  static Stream<Arguments> impure() {
    return Stream.of(
        Arguments.of(Impure.Threads.class, "java.lang.Thread"),
        Arguments.of(Impure.Locals.class, "java.lang.ThreadLocal"),
        Arguments.of(Impure.Processes.class, "java.lang.Runtime"),
        Arguments.of(Impure.Concurrency.class, "java.util.concurrent"),
        Arguments.of(Impure.Files.class, "java.nio.file"),
        Arguments.of(Impure.Streams.class, "java.io"),
        Arguments.of(Impure.Sockets.class, "java.net"),
        Arguments.of(Impure.Time.class, "java.time"),
        Arguments.of(Impure.Loggers.class, "java.util.logging"),
        Arguments.of(Impure.Dice.class, "java.util.Random"),
        Arguments.of(Impure.Names.class, "java.util.UUID"),
        Arguments.of(Impure.OtherLibrary.class, "org.slf4j"),
        Arguments.of(Impure.Upwards.class, "dev.paxoskv.paxos.host"),
        Arguments.of(Impure.NanoClock.class, "System.nanoTime"),
        Arguments.of(Impure.WallClock.class, "System.currentTimeMillis"),
        Arguments.of(Impure.Address.class, "System.identityHashCode"),
        Arguments.of(Impure.Chance.class, "Math.random"),
        Arguments.of(Impure.UnseededDice.class, "SplittableRandom"),
        Arguments.of(Impure.DefaultDice.class, "RandomGenerator.getDefault"),
        Arguments.of(Impure.Shuffle.class, "Collections.shuffle"),
        Arguments.of(Impure.Parallel.class, "parallel"));
  }

  private static List<String> violations(Class<?> fixture) {
    JavaClasses classes = new ClassFileImporter().importClasses(fixture);
    List<String> found = new ArrayList<>();
    for (ArchRule rule : PurityRules.ALL) {
      // A fixture lies in one of the packages, so the others' rules see no class.
      found.addAll(
          rule.allowEmptyShould(true).evaluate(classes).getFailureReport().getDetails());
    }
    return found;
  }
}
