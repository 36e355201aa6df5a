package dev.paxoskv.server.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.server.sim.history.History.Outcome;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that comes back with less than it had stays out, and takes nothing with it. */
class LostDisksTest {
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {0, 1, 2})
  void anOldImageIsRefused(long seed) {
    LostDisks run = LostDisks.oldImage(seed);
    assertThat(run.history().count(Outcome.DONE)).isEqualTo(23);
    assertThat(run.sim().tally().times("refused lost disks")).isEqualTo(1);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {0, 1, 2})
  void anEmptyDirectoryIsRefused(long seed) {
    LostDisks run = LostDisks.wiped(seed);
    assertThat(run.history().count(Outcome.DONE)).isEqualTo(23);
    assertThat(run.sim().tally().times("refused lost disks")).isEqualTo(1);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {0, 1, 2})
  void anEmptyDirectoryIsRefusedByThoseWhoWereRestarted(long seed) {
    LostDisks run = LostDisks.wipedInABlackout(seed);
    assertThat(run.history().count(Outcome.DONE)).isEqualTo(23);
    assertThat(run.sim().tally().times("refused lost disks")).isEqualTo(1);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {0, 1, 2})
  void fiveOfSevenDoNotVoteBeforeASixthKnowsThem(long seed) {
    LostDisks run = LostDisks.wipedMinority(seed);
    assertThat(run.history().count(Outcome.DONE)).isZero();
  }
}
