package dev.paxoskv.paxos.protocol.roles;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The seed's Done and Min. */
class DoneMarksTest {

  @Test
  void minIsOneMoreThanTheLeastMark() {
    DoneMarks marks = new DoneMarks(1, 3);
    assertThat(marks.min()).isZero();
    assertThat(marks.own()).isEqualTo(-1);

    assertThat(marks.raise(0, 5)).isTrue();
    assertThat(marks.raise(1, 7)).isTrue();
    assertThat(marks.min()).as("peer 2 has said nothing yet").isZero();
    assertThat(marks.raise(2, 0)).isTrue();
    assertThat(marks.min()).isEqualTo(1);
    assertThat(marks.raise(2, 6)).isTrue();
    assertThat(marks.min()).isEqualTo(6);
    assertThat(marks.own()).isEqualTo(7);
    assertThat(marks.all()).isEqualTo(List.of(5L, 7L, 6L));
  }

  @Test
  void aLowerMarkAfterAHigherOneChangesNothing() {
    DoneMarks marks = new DoneMarks(0, 1);
    marks.raise(0, 5);

    assertThat(marks.raise(0, 5)).isFalse();
    assertThat(marks.raise(0, 2)).isFalse();
    assertThat(marks.raise(0, -1)).isFalse();
    assertThat(marks.min()).isEqualTo(6);
  }

  @Test
  void owesAMarkAgainThatDidNotArriveAndWaitsLongerEachTime() {
    DoneMarks marks = new DoneMarks(0, 2);
    marks.raise(0, 4);
    marks.told(1);
    marks.notTold(1, 1000);
    assertThat(marks.owes(1, 1099)).isFalse();
    assertThat(marks.owes(1, 1100)).isTrue();

    marks.told(1);
    marks.notTold(1, 1100);
    assertThat(marks.owes(1, 1299)).isFalse();
    assertThat(marks.owes(1, 1300)).isTrue();
    for (int i = 0; i < 20; i++) {
      marks.told(1);
      marks.notTold(1, 2000);
    }
    assertThat(marks.owes(1, 2999)).isFalse();
    assertThat(marks.owes(1, 3000)).isTrue();

    marks.raise(0, 5);
    assertThat(marks.owes(1, 2001)).isTrue();
  }

  @Test
  void owesNothingAfterAFailureIfThereIsNoMark() {
    DoneMarks marks = new DoneMarks(0, 2);
    marks.notTold(1, 0);
    assertThat(marks.owes(1, 10_000)).isFalse();
  }

  @Test
  void owesItsMarkUntilToldAndNeverToItself() {
    DoneMarks marks = new DoneMarks(1, 3);
    assertThat(marks.owes(0, 0)).isFalse();

    marks.raise(1, 4);
    marks.raise(0, 9);
    assertThat(marks.owes(0, 0)).isTrue();
    assertThat(marks.owes(1, 0)).isFalse();
    assertThat(marks.owes(2, 0)).isTrue();

    marks.told(0);
    assertThat(marks.owes(0, 0)).isFalse();
    assertThat(marks.owes(2, 0)).isTrue();
    marks.raise(1, 3);
    assertThat(marks.owes(0, 0)).isFalse();
    marks.raise(1, 5);
    assertThat(marks.owes(0, 0)).isTrue();
  }

  @Test
  void aNewMarkWaitsNoLongerForOldFailures() {
    DoneMarks marks = new DoneMarks(0, 2);
    marks.raise(0, 0);
    for (int i = 0; i < 5; i++) {
      marks.told(1);
      marks.notTold(1, 0);
    }
    assertThat(marks.owes(1, 999)).as("the mark 0 is a mark too").isFalse();
    assertThat(marks.owes(1, 1000)).isTrue();
    marks.raise(0, 1);
    assertThat(marks.owes(1, 0)).isTrue();
    marks.told(1);
    marks.notTold(1, 0);
    assertThat(marks.owes(1, 99)).isFalse();
    assertThat(marks.owes(1, 100)).isTrue();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void agreesWithTheFormula(long seed) {
    SplittableRandom dice = new SplittableRandom(seed);
    int peers = 1 + dice.nextInt(7);
    DoneMarks marks = new DoneMarks(0, peers);
    long[] model = new long[peers];
    Arrays.fill(model, -1);
    for (int i = 0; i < 200; i++) {
      int peer = dice.nextInt(peers);
      long seq = dice.nextLong(-1, i + 2L);
      model[peer] = Math.max(model[peer], seq);

      long before = marks.min();
      marks.raise(peer, seq);
      assertThat(marks.min())
          .as("seed %d, step %d", seed, i)
          .isEqualTo(1 + Arrays.stream(model).min().orElseThrow())
          .isGreaterThanOrEqualTo(before);
    }
  }

  /** Marks that ride on other messages cost nothing; those that do not are gathered for a while. */
  @Test
  void aMarkThatRisesAllTheTimeDoesNotLeaveAloneAllTheTime() {
    DoneMarks marks = new DoneMarks(0, 2);
    marks.raise(0, 1);
    assertThat(marks.leavesAlone(1, 5)).isTrue();
    marks.told(1);
    marks.raise(0, 2);
    assertThat(marks.leavesAlone(1, 14)).isFalse();
    assertThat(marks.leavesAlone(1, 15)).isTrue();
  }
}
