package dev.paxoskv.sim.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paxoskv.sim.plan.PlanEvent.Verb;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A plan is text, and the text is the run. */
class PlanTest {

  @Test
  void everyPlanSurvivesBeingPrintedAndRead() {
    for (long seed = 0; seed < 300; seed++) {
      Plan plan = Plan.ofSeed(seed);
      assertThat(Plan.parse(plan.toString())).isEqualTo(plan);
    }
  }

  @Test
  void theSeedsUseEveryVerbAndEverySizeOfGroup() {
    Set<Verb> verbs = EnumSet.noneOf(Verb.class);
    Set<Integer> peers = new TreeSet<>();
    for (long seed = 0; seed < 300; seed++) {
      Plan plan = Plan.ofSeed(seed);
      peers.add(plan.options().peers());
      plan.events().forEach(event -> verbs.add(event.verb()));
    }
    assertThat(verbs).containsExactly(Verb.values());
    assertThat(peers).containsExactly(1, 2, 3, 4, 5, 6, 7);
  }

  @Test
  void aPlanIsReadableAndMayBeCommented() {
    Plan plan = Plan.parse("""
        # two peers fight
        seed=3 peers=3 mode=LIVENESS core=7 storm=1000000 calm=60000000

        0 weather min=100 max=500 loss=0 dup=0 reorder=0 corrupt=0 0>1 1>0
        10 start peer=0 seq=4 id=1
        10 start peer=1 seq=4 id=2  # at the same time
        20 split 0>1 1>0 0>2 2>0
        """);
    assertThat(plan.events()).hasSize(4);
    assertThat(plan.events().get(2).number("id")).isEqualTo(2);
    assertThat(plan.events().get(3)).hasToString("20 split 0>1 0>2 1>0 2>0");
    Outcome outcome = PlanRun.of(plan);
    assertThat(outcome.failure()).isEmpty();
    assertThat(outcome.decisions()).isEqualTo(1);
  }

  @ParameterizedTest(name = "\"{0}\"")
  @ValueSource(
      strings = {
        "",
        "10",
        "x start peer=0 seq=4 id=1",
        "10 stop peer=0",
        "10 start peer=0 seq=4",
        "10 start peer=0 id=4 seq=1",
        "10 cut 0>0",
        "10 cut 0>8",
        "10 cut 01"
      })
  void whatIsNoEventIsRefused(String line) {
    assertThatThrownBy(() -> PlanEvent.parse(line))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("not an event: " + line);
  }

  @Test
  void whatIsNoPlanIsRefused() {
    assertThatThrownBy(() -> Plan.parse("# nothing")).hasMessage("an empty plan");
    assertThatThrownBy(() -> Plan.parse("seed=3 peers=3"))
        .hasMessage("not the options of a plan: seed=3 peers=3");
  }

  @Test
  void aRunIsRepeatedFromItsSeedAndFromItsText() {
    for (long seed = 0; seed < 20; seed++) {
      long hash = PlanRun.of(Plan.ofSeed(seed)).traceHash();
      assertThat(PlanRun.of(Plan.ofSeed(seed)).traceHash()).isEqualTo(hash);
      assertThat(PlanRun.of(Plan.parse(Plan.ofSeed(seed).toString())).traceHash())
          .isEqualTo(hash)
          .isNotEqualTo(PlanRun.of(Plan.ofSeed(seed + 1)).traceHash());
    }
  }

  @Test
  void theCommandRunsASeedAPlanAndFreshSeeds(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("plan.txt");
    Files.writeString(file, Plan.ofSeed(5).toString());
    assertThat(sim(0, "--seed", "5")).contains("seed=5 ", "1 seeds in", "0 violations");
    assertThat(sim(0, "--plan", file.toString(), "--trace")).contains("Prepare", " decided ");
    assertThat(sim(0, "--seconds", "1", "--nodes", "3"))
        .contains("seeds from ", "cluster-hours", "rare states reached", "0 violations");
  }

  @Test
  void wrongArgumentsAreExplained() throws IOException {
    assertThat(sim(2, "--speed", "9")).contains("unknown argument --speed", "usage: sim");
    assertThat(sim(2, "--seed")).contains("--seed needs a value");
    assertThat(sim(2, "--seed", "x")).contains("usage: sim");
    assertThat(sim(2, "--nodes", "8")).contains("--nodes takes 1 to 7");
    assertThat(sim(2, "--trace")).contains("--trace needs --seed or --plan");
  }

  private static String sim(int code, String... args) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
      assertThat(SimMain.run(out, args)).isEqualTo(code);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
