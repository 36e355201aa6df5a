package dev.paxoskv.sim.plan;

import dev.paxoskv.sim.explore.Exploration;
import dev.paxoskv.sim.explore.Explorer;
import dev.paxoskv.sim.explore.Scenario;
import dev.paxoskv.sim.golden.GoldenScript;
import dev.paxoskv.sim.golden.Plant;
import dev.paxoskv.sim.plan.PlanEvent.Verb;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Tells a failing plan as a golden script that a person can follow by hand. First the run itself is
 * followed, then shortened. Where that breaks nothing, because by hand the dice fall otherwise or a
 * check sees less than the checkers of a run, or where the script is long, everything that the same
 * starts can lead to is explored. Progress is beyond a script.
 */
final class Storyteller {
  /** A longer script may hide what is wrong among what is not. */
  private static final int COMMANDS_ENOUGH = 12;

  private static final int PEERS_MAX = 5;
  private static final int STARTS_MAX = 4;
  private static final int STATES_MAX = 100_000;

  private Storyteller() {}

  /** A script that ends with a check that fails; empty if there is none to be found. */
  static Optional<String> script(Plan failing) {
    Optional<String> followed = followed(failing);
    if (followed.isPresent() && commands(followed.get()) <= COMMANDS_ENOUGH) {
      return followed;
    }
    return Stream.concat(followed.stream(), explored(failing).stream())
        .min(Comparator.comparingLong(Storyteller::commands));
  }

  /** The run, as far as it can be followed by hand, without what makes no difference. */
  static Optional<String> followed(Plan failing) {
    return GoldenScript.shortest(PlanRun.commands(failing));
  }

  /**
   * The shortest way to something wrong that the starts of the plan allow, if one is near. Of the
   * peers that start nothing only so many are left that the rest is no majority.
   */
  static Optional<String> explored(Plan failing) {
    List<PlanEvent> events =
        failing.events().stream().filter(event -> event.verb() == Verb.START).toList();
    List<Integer> starters =
        events.stream().map(PlanEvent::peer).distinct().sorted().toList();
    int peers = Math.min(failing.options().peers(), Math.max(3, 2 * starters.size() - 1));
    if (events.size() > STARTS_MAX || peers > PEERS_MAX) {
      return Optional.empty();
    }
    List<Scenario.Start> starts = events.stream()
        .map(event -> new Scenario.Start(
            starters.indexOf(event.peer()), event.number("seq"), PlanRun.value(event)))
        .toList();
    boolean isTold = has(failing, Verb.FAILFAST);
    boolean isDone = has(failing, Verb.DONE);
    Scenario scenario = new Scenario(peers, starts, 1, false, 0, isTold, isDone, Plant.NONE);
    return Explorer.explore(scenario, STATES_MAX).violation().map(Exploration.Violation::script);
  }

  private static long commands(String script) {
    return script.lines().filter(line -> line.startsWith(">")).count();
  }

  private static boolean has(Plan plan, Verb verb) {
    return plan.events().stream().anyMatch(event -> event.verb() == verb);
  }
}
