package dev.paxoskv.server.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** When sessions end. */
class SessionsTest {
  private static final long IDLE_MAX = 1000;

  private final Sessions sessions = new Sessions(new KvStateMachine.SessionLimits(3, IDLE_MAX));
  private final List<Long> ended = new ArrayList<>();

  private static SessionId id(long number) {
    return new SessionId(number, 1);
  }

  private void open(long number) {
    sessions.open(id(number), session -> ended.add(session.high()));
  }

  private void advance(long time) {
    sessions.advance(time, session -> ended.add(session.high()));
  }

  @Test
  void oneThatRestsTooLongEndsAndOneThatIsUsedDoesNot() {
    open(1);
    open(2);
    advance(IDLE_MAX);
    assertThat(sessions.use(id(2))).isTrue();
    assertThat(ended).isEmpty();
    advance(IDLE_MAX + 1);
    assertThat(ended).containsExactly(1L);
    assertThat(sessions.use(id(1))).isFalse();
    assertThat(sessions.use(id(2))).isTrue();
  }

  @Test
  void timeDoesNotGoBack() {
    advance(900);
    open(1);
    advance(300);
    assertThat(sessions.time()).isEqualTo(900);
    advance(900 + IDLE_MAX);
    assertThat(ended).isEmpty();
  }

  @Test
  void oneBatchTakesTimeOnByASecondAtMost() {
    open(1);
    advance(Long.MAX_VALUE);
    assertThat(sessions.time()).isEqualTo(1000);
    // As large a number as the wire has.
    advance(-1);
    assertThat(sessions.time()).isEqualTo(1000);
    assertThat(ended).isEmpty();
  }

  @Test
  void thoseFromBeforeThereWasALimitEndWithTheNextThatIsOpened() {
    for (long number = 1; number <= 5; number++) {
      sessions.begin(id(number));
    }
    assertThat(sessions.count()).isEqualTo(5);
    open(6);
    assertThat(ended).containsExactly(1L, 2L, 3L);
    assertThat(sessions.count()).isEqualTo(3);
  }

  @Test
  void oneTooManyEndsTheOneUsedLongestAgo() {
    open(1);
    open(2);
    open(3);
    sessions.use(id(1));
    open(4);
    assertThat(ended).containsExactly(2L);
    assertThat(sessions.count()).isEqualTo(3);
  }

  static LongStream seeds() {
    return LongStream.range(0, 50);
  }

  private static List<Long> endResting(Map<Long, Long> model, long time) {
    List<Long> resting = model.keySet().stream()
        .filter(number -> time - model.getOrDefault(number, time) > IDLE_MAX)
        .toList();
    model.keySet().removeAll(resting);
    return resting;
  }

  /** A map in the order of use, and the time of each use, is what it has to be like. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void endsTheSameOnesAsAModelInTheSameOrder(long seed) {
    SplittableRandom dice = new SplittableRandom(seed);
    Map<Long, Long> model = new LinkedHashMap<>();
    List<Long> expected = new ArrayList<>();
    long time = 0;
    for (long step = 1; step <= 500; step++) {
      if (dice.nextInt(3) == 0) {
        time += dice.nextInt(400);
        advance(time);
        expected.addAll(endResting(model, time));
      }
      if (dice.nextBoolean()) {
        if (model.size() == 3) {
          long oldest = model.keySet().iterator().next();
          model.remove(oldest);
          expected.add(oldest);
        }
        open(step);
        model.put(step, time);
      } else {
        long used = Math.max(1, step - dice.nextInt(6));
        boolean isThere = model.remove(used) != null;
        assertThat(sessions.use(id(used))).as("seed %d, step %d", seed, step).isEqualTo(isThere);
        if (isThere) {
          model.put(used, time);
        }
      }
      assertThat(ended).as("seed %d, step %d", seed, step).isEqualTo(expected);
    }
    assertThat(expected).as("seed %d", seed).isNotEmpty();
  }
}
