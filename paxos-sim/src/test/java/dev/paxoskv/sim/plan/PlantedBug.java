package dev.paxoskv.sim.plan;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.LongFunction;

/**
 * What becomes of a swarm in a world where something is wrong, told in types of the JDK, since no
 * others are the same in both worlds.
 */
final class PlantedBug implements LongFunction<Map<String, String>> {
  private static final int SEEDS_MAX = 300;

  /** Small enough to be explored, whatever the swarm has found. */
  private static final String DUEL = """
      seed=1 peers=3 mode=SAFETY core=7 storm=1000000 calm=60000000
      0 start peer=0 seq=0 id=1
      0 start peer=1 seq=0 id=2
      """;

  /** Runs seeds from {@code firstSeed} on until one fails. */
  @Override
  public Map<String, String> apply(long firstSeed) {
    Campaign campaign = new Campaign(Plan::ofSeed, PlanRun::of);
    long seed = firstSeed;
    while (campaign.findings().isEmpty() && seed < firstSeed + SEEDS_MAX) {
      campaign.runSeed(seed++);
    }
    Campaign.Finding found = campaign.firstFinding().orElseThrow();
    Plan smallest = found.smallest();
    return Map.of(
        "finding", found.toString(),
        "seed", Long.toString(found.seed()),
        "rule", found.failure().rule(),
        "events", Integer.toString(smallest.events().size()),
        "script", Storyteller.script(smallest).orElse(""),
        "explored", Storyteller.explored(Plan.parse(DUEL)).orElse(""),
        "printed", printed(found.seed()));
  }

  /** What {@code scripts/sim --seed} says. */
  private static String printed(long seed) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      int exit = SimMain.run(
          new PrintStream(out, true, StandardCharsets.UTF_8), "--seed", Long.toString(seed));
      return "exit " + exit + "\n" + out.toString(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
