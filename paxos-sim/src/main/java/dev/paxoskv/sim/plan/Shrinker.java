package dev.paxoskv.sim.plan;

import dev.paxoskv.sim.plan.Outcome.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Makes a failing plan small, so that a person can read it: cuts it off after the failure, takes
 * out events by delta debugging, and then peers from the end of the list. A smaller plan counts
 * only if it breaks the same rule.
 */
public final class Shrinker {
  private final Function<Plan, Outcome> run;
  private final int runsMax;
  private final String rule;
  private Plan best;
  private int runs;

  private Shrinker(Plan failing, Failure failure, Function<Plan, Outcome> run, int runsMax) {
    this.best = failing;
    this.rule = failure.rule();
    this.run = run;
    this.runsMax = runsMax;
  }

  /**
   * Finds a plan that fails in the same way and has no event to spare.
   *
   * @param failing a plan that fails
   * @param run runs a plan
   * @param runsMax how many runs to spend
   * @return {@code failing} itself if it does not fail after all
   */
  public static Plan shrink(Plan failing, Function<Plan, Outcome> run, int runsMax) {
    Optional<Failure> failure = run.apply(failing).failure();
    if (failure.isEmpty()) {
      return failing;
    }
    Shrinker shrinker = new Shrinker(failing, failure.get(), run, runsMax);
    shrinker.cutOff(failure.get().atMicros());
    int before;
    do {
      before = shrinker.size();
      shrinker.dropEvents();
      shrinker.dropPeers();
    } while (shrinker.size() < before);
    return shrinker.best;
  }

  private int size() {
    return best.events().size() + best.options().peers();
  }

  /** What happens after the failure has not caused it. */
  private void cutOff(long failedAt) {
    List<PlanEvent> before =
        best.events().stream().filter(event -> event.atMicros() <= failedAt).toList();
    if (!keepIfFailing(best.with(before)) || failedAt >= best.options().stormMicros()) {
      return;
    }
    keepIfFailing(new Plan(best.options().withStorm(failedAt + 1), best.events()));
  }

  /** Takes out halves, then quarters, and so on down to single events. */
  private void dropEvents() {
    int chunk = Math.max(1, best.events().size() / 2);
    while (chunk >= 1) {
      boolean hasHelped = dropChunks(chunk);
      if (!hasHelped || chunk > best.events().size()) {
        chunk /= 2;
      }
    }
  }

  private boolean dropChunks(int chunk) {
    boolean hasHelped = false;
    // From the end: what comes late depends on what comes early, not the other way round.
    int end = best.events().size();
    while (end > 0) {
      int start = Math.max(0, end - chunk);
      List<PlanEvent> rest = new ArrayList<>(best.events().subList(0, start));
      rest.addAll(best.events().subList(end, best.events().size()));
      hasHelped |= keepIfFailing(best.with(rest));
      end = start;
    }
    return hasHelped;
  }

  private void dropPeers() {
    int peers = best.options().peers();
    while (peers > 1 && keepIfFailing(fewer(peers - 1))) {
      peers--;
    }
  }

  private Plan fewer(int peers) {
    List<PlanEvent> events = new ArrayList<>();
    for (PlanEvent event : best.events()) {
      if (!event.verb().isAboutPeer() || event.peer() < peers) {
        events.add(new PlanEvent(
            event.atMicros(), event.verb(), event.links().among(peers), event.numbers()));
      }
    }
    return new Plan(best.options().withPeers(peers), events);
  }

  private boolean keepIfFailing(Plan candidate) {
    if (runs >= runsMax || candidate.equals(best)) {
      return false;
    }
    runs++;
    boolean isFailing =
        run.apply(candidate).failure().filter(f -> f.rule().equals(rule)).isPresent();
    if (isFailing) {
      best = candidate;
    }
    return isFailing;
  }
}
