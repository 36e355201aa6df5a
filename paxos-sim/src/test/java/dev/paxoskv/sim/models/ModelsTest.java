package dev.paxoskv.sim.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The protocol's models in TLA+: the right ones hold in every state, of which there must be as many
 * as were found once, so that one that explores nothing is seen; with a rule broken an invariant
 * fails.
 */
class ModelsTest {
  private static final boolean IS_FULL = Boolean.getBoolean("paxoskv.full");
  private static final int MINUTES = IS_FULL ? 60 : 10;
  private static final List<Model> MODELS = Model.in(Path.of("src/test/tla"));

  static Stream<Model> models() {
    return MODELS.stream().filter(model -> IS_FULL || !model.isLong());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("models")
  void tlcFindsWhatIsExpected(Model model, @TempDir Path directory) throws Exception {
    Tlc.Answer answer = Tlc.ask(model, directory, MINUTES);

    assertThat(answer.failing()).as(answer.output()).isEqualTo(model.failing());
    if (model.failing().isEmpty()) {
      assertThat(answer.states()).as(answer.output()).isEqualTo(model.states());
    }
  }

  @Test
  void everySpecificationHasAModelThatHoldsAndOneThatFails() {
    for (String name : List.of("RangePaxos", "Forget", "Reads", "Registration", "WipedVoter")) {
      List<Model> mine = MODELS.stream()
          .filter(model -> model.specification().endsWith(name + ".tla"))
          .toList();
      assertThat(mine).anyMatch(model -> model.failing().isEmpty() && !model.isLong());
      assertThat(mine).anyMatch(model -> !model.failing().isEmpty() && !model.isLong());
    }
  }
}
