package dev.paxoskv.server.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class AnswerRingTest {
  private static final int WINDOW = 600;
  private static final int STEPS = 20_000;

  private final AnswerRing ring = new AnswerRing();
  private final TreeMap<Long, Result> model = new TreeMap<>();
  private long acknowledged;

  /** Bursts and quiet times in turn, so that it grows and becomes small again many times. */
  @Test
  void holdsWhatAMapWouldHold() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    SplittableRandom dice = new SplittableRandom(seed);
    for (int step = 0; step < STEPS; step++) {
      boolean isBurst = step / 500 % 2 == 0;
      long number = acknowledged + 1 + dice.nextInt(isBurst ? WINDOW : 3);
      Result result = new Result.Counted(step);
      ring.put(acknowledged, number, result);
      model.put(number, result);
      assertThat(ring.get(acknowledged, number)).contains(result);
      if (dice.nextInt(isBurst ? 100 : 2) == 0) {
        long upTo = dice.nextBoolean() ? model.lastKey() : number;
        ring.drop(acknowledged, upTo);
        model.headMap(upTo, true).clear();
        acknowledged = upTo;
      }
      if (step % 50 == 0) {
        assertSameAsModel();
      }
    }
    assertSameAsModel();
  }

  @Test
  void keepsItsRoomWhileInUseAndLetsItGoWhenQuiet() {
    ring.put(0, 500, Result.APPLIED);
    ring.drop(0, 500);
    assertThat(ring.places()).as("it may go on like that").isEqualTo(512);
    ring.put(500, 501, Result.APPLIED);
    ring.drop(500, 501);
    assertThat(ring.places()).isEqualTo(4);
  }

  private void assertSameAsModel() {
    TreeMap<Long, Result> held = new TreeMap<>();
    ring.forEach(acknowledged, held::put);
    assertThat(held).isEqualTo(model);
    for (long number = acknowledged - 2; number < acknowledged + WINDOW + 2; number++) {
      assertThat(ring.get(acknowledged, number).orElse(null)).isEqualTo(model.get(number));
    }
  }
}
