package dev.paxoskv.sim.explore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.sim.explore.Exploration.Violation;
import dev.paxoskv.sim.golden.GoldenScript;
import dev.paxoskv.sim.golden.Plant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** All orders of events of small groups: nothing is wrong, unless it was planted. */
class ExplorerTest {
  private static final int STATES_MAX = 1_000_000;
  private static final int STATES_MAX_FULL = 15_000_000;

  static Stream<Arguments> small() {
    Scenario duel = Scenario.duel(1, 1);
    return Stream.of(
        Arguments.of("one instance, one round each", duel),
        Arguments.of("one instance, told of lost requests", duel.failingFast()),
        Arguments.of("one instance, forgotten", duel.forgetting()),
        Arguments.of("two instances", Scenario.duel(2, 1)));
  }

  static Stream<Arguments> large() {
    Scenario duel = Scenario.duel(1, 1);
    return Stream.of(
        Arguments.of("one instance, slow disks, one crash", duel.withSlowDisks(1)),
        Arguments.of("one instance, two rounds", Scenario.duel(1, 2)),
        Arguments.of("one instance, two rounds, told", Scenario.duel(1, 2).failingFast()),
        Arguments.of("two instances, told", Scenario.duel(2, 1).failingFast()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("small")
  void nothingIsWrong(String name, Scenario scenario) {
    Exploration explored = explored(name, scenario, STATES_MAX);
    assertThat(explored.violation()).isEmpty();
    assertThat(explored.isExhausted()).isTrue();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("large")
  @EnabledIfSystemProperty(named = "paxoskv.full", matches = "true")
  void nothingIsWrongInALargerWorld(String name, Scenario scenario) {
    assertThat(explored(name, scenario, STATES_MAX_FULL).violation()).isEmpty();
  }

  static Stream<Arguments> plants() {
    Scenario duel = Scenario.duel(1, 1);
    return Stream.of(
        Arguments.of(duel.planting(Plant.PROMISES_HIDE_VOTES), "two values chosen in seq=0", 8),
        Arguments.of(duel.planting(Plant.REFUSALS_SAY_YES), "no majority of durable votes", 6),
        Arguments.of(
            duel.withSlowDisks(0).planting(Plant.JOURNAL_LIES), "no majority of durable votes", 5));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("plants")
  void whatIsPlantedIsFoundByTheShortestWay(Scenario scenario, String wrong, int moves) {
    Exploration explored = explored(scenario.plant().toString(), scenario, STATES_MAX);
    Violation violation = explored.violation().orElseThrow();
    System.out.println(violation.script());
    assertThat(violation.what()).contains(wrong);
    assertThat(violation.moves()).isEqualTo(moves);
    assertThat(explored.depth()).isEqualTo(moves);
    assertThat(violation.script()).contains("> check\n  broken: " + violation.what());
    assertThat(GoldenScript.rewrite(violation.script())).isEqualTo(violation.script());
  }

  @Test
  void oneOfThemIsTheLastLesson() throws IOException {
    Scenario scenario = Scenario.duel(1, 1).planting(Plant.REFUSALS_SAY_YES);
    String found =
        explored("last lesson", scenario, STATES_MAX).violation().orElseThrow().script();
    String lesson = Files.readString(Path.of("..", "golden", "30-found-by-the-explorer.txt"));
    assertThat(found).endsWith(lesson.substring(lesson.indexOf("> plant")));
  }

  @Test
  void leavingOutSpentMessagesLosesNoOutcome() {
    Exploration whole = Explorer.exploreUnreduced(Scenario.duel(1, 1), STATES_MAX);
    Exploration reduced = Explorer.explore(Scenario.duel(1, 1), STATES_MAX);
    assertThat(whole.isExhausted()).isTrue();
    assertThat(reduced.outcomes()).isEqualTo(whole.outcomes());
    assertThat(reduced.messages()).isEqualTo(whole.messages());
    assertThat(reduced.states()).isLessThan(whole.states() / 10);
  }

  @Test
  void theSameWorldGivesTheSameFigures() {
    Exploration once = Explorer.explore(Scenario.duel(1, 1), 20_000);
    assertThat(Explorer.explore(Scenario.duel(1, 1), 20_000)).isEqualTo(once);
    assertThat(once.violation()).isEqualTo(Optional.empty());
  }

  private static Exploration explored(String name, Scenario scenario, int statesMax) {
    long begin = System.nanoTime();
    Exploration explored = Explorer.explore(scenario, statesMax);
    long millis = (System.nanoTime() - begin) / 1_000_000;
    System.out.println("explorer: " + name + ": " + explored.summary() + ", " + millis + " ms");
    return explored;
  }
}
