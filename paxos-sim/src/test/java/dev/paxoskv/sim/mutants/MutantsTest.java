package dev.paxoskv.sim.mutants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The tests can fail: each deliberate mistake is found, and the product as it is passes. */
class MutantsTest {
  @TestFactory
  Stream<DynamicTest> mutants() {
    return Mutants.of("paxos-sim/src/test/mutants", "paxos-core", Gale.class.getName())
        .suite(1500, 60)
        .checks()
        .map(check -> dynamicTest(check.name(), check.body()::run));
  }

  @Test
  void aPatchThatDoesNotFitIsRefused() {
    Patch patch = Patch.parse("why\n--- A.java\n+++ A.java\n@@ -1 +1 @@\n a\n-b\n+c\n");
    assertThat(patch.apply(path -> "z\na\nb\nd\n")).isEqualTo(Map.of("A.java", "z\na\nc\nd\n"));
    assertThatThrownBy(() -> patch.apply(path -> "a\n b\n"))
        .hasMessage("these lines are not in A.java:\na\nb");
    assertThatThrownBy(() -> patch.apply(path -> "a\nb\na\nb\n"))
        .hasMessage("these lines are more than once in A.java:\na\nb");
    assertThatThrownBy(() -> Patch.parse("nothing\n")).hasMessage("a patch without a change");
  }
}
