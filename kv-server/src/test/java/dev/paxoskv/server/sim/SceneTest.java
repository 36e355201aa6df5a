package dev.paxoskv.server.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The scenes come to the point that they are about, and the store as it is passes them. */
class SceneTest {
  private static final int SEEDS = 5;

  private interface Play {
    Scene of(long seed) throws IOException;
  }

  @Test
  void aPromiseRots() throws IOException {
    assertThat(times("faulty instances", ForgottenWords::rottenPromise)).isPositive();
  }

  @Test
  void aProposerComesBackWithoutItsLastBallot() throws IOException {
    assertThat(times("restarts", ForgottenWords::usedBallot)).isEqualTo(SEEDS);
  }

  @Test
  void aVoteIsCutOffFromItsSync() throws IOException {
    assertThat(times("stopped in the middle of work", ForgottenWords::unsyncedVote))
        .isPositive();
  }

  @Test
  void aLogEndsBeforeAnOldRecord() throws IOException {
    assertThat(times("ends before an old record", RecycledSegments::play)).isPositive();
  }

  private static long times(String what, Play play) throws IOException {
    long times = 0;
    for (long seed : LongStream.range(0, SEEDS).toArray()) {
      times += play.of(seed).sim().tally().times(what);
    }
    return times;
  }
}
