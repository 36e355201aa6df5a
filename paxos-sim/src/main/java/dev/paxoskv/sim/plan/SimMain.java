package dev.paxoskv.sim.plan;

import dev.paxoskv.sim.plan.Campaign.Finding;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.LongFunction;

/**
 * The command behind {@code scripts/sim}: storms over a simulated group, from fresh seeds, from one
 * seed, or from a plan in a file.
 */
final class SimMain {
  private static final String USAGE = """
      usage: sim [--seed N] [--seconds S] [--nodes N] [--trace] [--plan FILE]
        --seconds S  run fresh seeds for so long (10)
        --seed N     run only this seed; print its plan
        --nodes N    how many peers, 1 to 7; drawn from the seed if not given
        --plan FILE  run the plan in the file
        --trace      print everything that happens in the one run
      """;
  private static final double LINE_EACH_SECONDS = 1;

  private final PrintStream out;
  private double seconds = 10;
  private long seed = -1;
  private int nodes;
  private Path planFile = Path.of("");
  private boolean isTraced;

  private SimMain(PrintStream out) {
    this.out = out;
  }

  public static void main(String[] args) throws IOException {
    System.exit(run(System.out, args));
  }

  /** Returns the exit code: 0 for all well, 1 for a violation, 2 for wrong arguments. */
  static int run(PrintStream out, String... args) throws IOException {
    SimMain main = new SimMain(out);
    try {
      main.read(new ArrayDeque<>(List.of(args)));
    } catch (IllegalArgumentException e) {
      out.println(e.getMessage() + "\n" + USAGE);
      return 2;
    }
    return main.run();
  }

  private void read(Deque<String> words) {
    while (!words.isEmpty()) {
      String word = words.removeFirst();
      switch (word) {
        case "--seed" -> seed = number(word, words);
        case "--seconds" -> seconds = number(word, words);
        case "--nodes" -> nodes = Math.toIntExact(number(word, words));
        case "--plan" -> planFile = Path.of(value(word, words));
        case "--trace" -> isTraced = true;
        default ->
          throw new IllegalArgumentException(
              word.equals("--help") ? "storms over a simulated group" : "unknown argument " + word);
      }
    }
    if (nodes < 0 || nodes > 7) {
      throw new IllegalArgumentException("--nodes takes 1 to 7");
    }
    if (isTraced && seed < 0 && isFresh()) {
      throw new IllegalArgumentException("--trace needs --seed or --plan");
    }
  }

  private static long number(String name, Deque<String> words) {
    return Long.parseLong(value(name, words));
  }

  private static String value(String name, Deque<String> words) {
    if (words.isEmpty()) {
      throw new IllegalArgumentException(name + " needs a value");
    }
    return words.removeFirst();
  }

  private boolean isFresh() {
    return planFile.toString().isEmpty();
  }

  private int run() throws IOException {
    if (!isFresh()) {
      return one(Plan.parse(Files.readString(planFile)));
    }
    LongFunction<Plan> plans = s -> nodes == 0 ? Plan.ofSeed(s) : Plan.ofSeed(s, nodes);
    return seed >= 0 ? one(plans.apply(seed)) : many(plans);
  }

  private int one(Plan plan) {
    out.print(plan);
    if (isTraced) {
      PlanRun.of(plan, out::println);
    }
    Campaign campaign = new Campaign(any -> plan, PlanRun::of);
    campaign.runSeed(plan.options().seed());
    return report(campaign);
  }

  private int many(LongFunction<Plan> plans) {
    // Fresh seeds each time, and named in the output: chance is welcome here, loss of it is not.
    long next = System.currentTimeMillis() * 1_000;
    out.println("seeds from " + next);
    Campaign campaign = new Campaign(plans, PlanRun::of);
    double lineDue = LINE_EACH_SECONDS;
    while (campaign.tally().seconds() < seconds && campaign.firstFinding().isEmpty()) {
      campaign.runSeed(next++);
      if (campaign.tally().seconds() >= lineDue) {
        out.println(campaign.tally().line());
        lineDue += LINE_EACH_SECONDS;
      }
    }
    return report(campaign);
  }

  private void script(Plan smallest) {
    out.println(
        Storyteller.script(smallest).map("\ngolden script:\n"::concat).orElse("no golden script"));
  }

  private int report(Campaign campaign) {
    out.print(campaign.tally().report());
    out.println(campaign.findings().size() + " violations");
    campaign.findings().forEach(out::print);
    campaign.firstFinding().map(Finding::smallest).ifPresent(this::script);
    return campaign.findings().isEmpty() ? 0 : 1;
  }
}
