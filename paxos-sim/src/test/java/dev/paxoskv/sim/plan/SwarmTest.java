package dev.paxoskv.sim.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The seeds of every build: no rule breaks, every rare state is reached, every run repeats. */
class SwarmTest {
  private static final long SEEDS = 500;

  /** A state that fewer runs reach is reached by luck: the next change may lose it. */
  private static final long SEEDS_FOR_A_STATE_MIN = 5;

  private static final long OTHER_JVM_SEEDS = 30;

  @Test
  void noSeedBreaksARuleAndTogetherTheyReachEveryRareState() {
    Campaign campaign = new Campaign(Plan::ofSeed, PlanRun::of);
    for (long seed = 0; seed < SEEDS; seed++) {
      campaign.runSeed(seed);
    }
    System.out.print(campaign.tally().report());
    assertThat(campaign.findings()).isEmpty();
    assertThat(campaign.tally().reach().reachedByFewerThan(SEEDS_FOR_A_STATE_MIN))
        .isEmpty();
  }

  @Test
  void anotherJvmDoesTheSame() throws IOException, InterruptedException {
    String java = System.getProperty("java.home") + "/bin/java";
    Process process = new ProcessBuilder(
            java,
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            SwarmTest.class.getName())
        .redirectErrorStream(true)
        .start();
    List<String> lines = process.inputReader().lines().toList();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(lines).isEqualTo(hashes());
  }

  private static List<String> hashes() {
    return LongStream.range(0, OTHER_JVM_SEEDS)
        .mapToObj(seed -> seed + " " + PlanRun.of(Plan.ofSeed(seed)).traceHash())
        .toList();
  }

  /** What the other JVM runs. */
  public static void main(String[] args) {
    hashes().forEach(System.out::println);
  }
}
