package dev.paxoskv.sim.plan;

import dev.paxoskv.sim.plan.Outcome.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongFunction;

/**
 * Runs one seed after the other. Every tenth is run a second time, from the text of its plan, and
 * must do exactly the same; a plan that fails is made small.
 */
final class Campaign {
  private static final int REPEATED_EACH = 10;
  private static final int SHRINK_RUNS_MAX = 2_000;

  /** A failing seed, why, and the smallest plan that fails alike. */
  record Finding(long seed, Failure failure, Plan smallest) {
    @Override
    public String toString() {
      return "seed " + seed + ": " + failure.message() + "\nsmallest plan, "
          + smallest.events().size() + " events:\n" + smallest;
    }
  }

  private final LongFunction<Plan> plans;
  private final Function<Plan, Outcome> run;
  private final Tally tally = new Tally();
  private final List<Finding> findings = new ArrayList<>();

  /**
   * Plans and how to run them.
   *
   * @param plans gives the plan of a seed
   * @param run runs a plan
   */
  Campaign(LongFunction<Plan> plans, Function<Plan, Outcome> run) {
    this.plans = plans;
    this.run = run;
  }

  void runSeed(long seed) {
    Plan plan = plans.apply(seed);
    Outcome outcome = run.apply(plan);
    tally.add(outcome);
    outcome.failure().ifPresent(failure -> found(plan, failure));
    if (seed % REPEATED_EACH == 0) {
      long again = run.apply(Plan.parse(plan.toString())).traceHash();
      if (again != outcome.traceHash()) {
        String message = "the same plan ran in two ways: " + outcome.traceHash() + ", " + again;
        findings.add(new Finding(seed, new Failure("determinism", message, 0), plan));
      }
    }
  }

  private void found(Plan plan, Failure failure) {
    // All findings are told; only the first is worth the time of making it small.
    boolean isFirst = findings.isEmpty();
    Plan smallest = isFirst ? Shrinker.shrink(plan, run, SHRINK_RUNS_MAX) : plan;
    findings.add(new Finding(plan.options().seed(), failure, smallest));
  }

  Tally tally() {
    return tally;
  }

  Optional<Finding> firstFinding() {
    return findings.stream().findFirst();
  }

  List<Finding> findings() {
    return List.copyOf(findings);
  }
}
