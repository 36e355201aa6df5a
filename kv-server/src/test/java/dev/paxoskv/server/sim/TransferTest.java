package dev.paxoskv.server.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A server that needs a snapshot gets one, and stops at every point of getting it. */
class TransferTest {
  private static final boolean IS_FULL = Boolean.getBoolean("paxoskv.full");
  private static final int NEVER = Integer.MAX_VALUE / 2;

  @Test
  void aServerThatIsTooFarBehindGetsASnapshotInPieces() {
    DiskTally tally = TransferScript.play(NEVER, false);
    assertThat(tally.times("snapshots adopted")).isEqualTo(1);
    assertThat(tally.times("snapshot pieces given")).isGreaterThan(4);
    assertThat(tally.times("values read from the log")).isPositive();
  }

  /** It goes away by a power cut; what comes after that is the stop. */
  private static boolean wasStopped(DiskTally tally) {
    return tally.times("power cuts") + tally.times("kills") > 1;
  }

  @Test
  void isNeverHalfInstalledWhereverTheReceiverStops() {
    DiskTally total = new DiskTally();
    int stride = IS_FULL ? 1 : 2;
    for (int start = 0; start < 2; start++) {
      int effect = start % stride;
      boolean isKill = start == 1;
      DiskTally one = TransferScript.play(effect, isKill);
      while (wasStopped(one)) {
        one.counts().forEach(total::add);
        effect += stride;
        one = TransferScript.play(effect, isKill);
      }
      assertThat(effect).as("points").isGreaterThan(20);
      total.add("points", effect / stride);
    }
    System.out.println("stops of a receiver: " + total.counts());
    assertThat(total.times("snapshots begun to receive"))
        .as("some begin again")
        .isGreaterThan(total.times("snapshots adopted"));
  }
}
