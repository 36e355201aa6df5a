package dev.paxoskv.server.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.server.sim.CrashScript.Point;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The power is cut at every point there is: before each effect that a disk is asked for, from the
 * first file of a new directory on. Nothing that was acknowledged is lost, nothing comes twice, and
 * the server that comes back takes part again.
 */
class ExhaustiveCrashTest {
  private static final boolean IS_FULL = Boolean.getBoolean("paxoskv.full");

  /**
   * Of the servers other than the first, and of all at once, so many are skipped for each tried.
   */
  private static final int STRIDE = IS_FULL ? 1 : 5;

  @Test
  void nothingIsLostWhereverThePowerIsCut() {
    List<Long> effects = CrashScript.play(Point.NOWHERE).effects();
    List<Point> points = new ArrayList<>();
    for (int server = 0; server < CrashScript.SERVERS; server++) {
      int stride = server == 0 ? 1 : STRIDE;
      for (long effect = server % stride; effect < effects.get(server); effect += stride) {
        points.add(new Point(server, effect, false));
      }
      int wide = IS_FULL ? 1 : 2 * STRIDE;
      for (long effect = server % wide; effect < effects.get(server); effect += wide) {
        points.add(new Point(server, effect, true));
      }
    }
    DiskTally tally = new DiskTally();
    for (Point point : points) {
      CrashScript script = CrashScript.play(point);
      assertThat(script.isCut()).as("%s was reached", point).isTrue();
      tally.add("lost", script.lost());
      tally.add("doubled", script.doubled());
      script.sim().tally().counts().forEach(tally::add);
    }
    long total = 2 * effects.stream().mapToLong(count -> count).sum();
    System.out.println(
        "crash points covered: " + points.size() + " of " + total + ", " + tally.counts());
    assertThat(tally.times("snapshots loaded")).isPositive();
    assertThat(tally.times("torn tails cut")).isPositive();
    assertThat(tally.times("lost") + tally.times("doubled")).isZero();
  }

  @Test
  void theScriptCutsItsLogAndTakesSnapshots() {
    CrashScript script = CrashScript.play(Point.NOWHERE);
    List<String> files = script.sim().server(0).directory().orElseThrow().disk().list();
    assertThat(files).anyMatch(file -> file.startsWith("snapshot-"));
    assertThat(files).doesNotContain("log-0000000000000001");
  }
}
