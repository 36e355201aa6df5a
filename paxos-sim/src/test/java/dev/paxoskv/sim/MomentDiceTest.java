package dev.paxoskv.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Dice without memory, and the queue of events. */
class MomentDiceTest {
  private long now;

  @Test
  void rollsOfOneMomentDoNotDependOnThoseBefore() {
    MomentDice lonely = new Dice(7).ofTheMoment("link", 1, () -> now);
    MomentDice busy = new Dice(7).ofTheMoment("link", 1, () -> now);
    for (int i = 0; i < 100; i++) {
      busy.about(i).nextLong();
    }
    now = 10;
    assertThat(busy.about(5).nextLong()).isEqualTo(lonely.about(5).nextLong());
    assertThat(busy.nextLong()).isEqualTo(lonely.nextLong());
  }

  @Test
  void anotherMomentSubjectPurposeIndexOrSeedGivesAnotherRoll() {
    long first = new Dice(7).ofTheMoment("link", 1, () -> now).about(5).nextLong();
    assertThat(first)
        .isNotEqualTo(new Dice(7).ofTheMoment("link", 1, () -> now + 1).about(5).nextLong())
        .isNotEqualTo(new Dice(7).ofTheMoment("link", 1, () -> now).about(6).nextLong())
        .isNotEqualTo(new Dice(7).ofTheMoment("retry", 1, () -> now).about(5).nextLong())
        .isNotEqualTo(new Dice(7).ofTheMoment("link", 2, () -> now).about(5).nextLong())
        .isNotEqualTo(new Dice(8).ofTheMoment("link", 1, () -> now).about(5).nextLong());
  }

  @Test
  void allNumbersAreAboutAsLikely() {
    MomentDice dice = new Dice(7).ofTheMoment("link", 1, () -> now);
    int[] counts = new int[10];
    for (int i = 0; i < 10_000; i++) {
      now = i;
      counts[dice.about(3).nextInt(10)]++;
    }
    for (int count : counts) {
      assertThat(count).isBetween(850, 1150);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void theHeapGivesEventsInTheOrderOfTimeAndThenOfMaking(long seed) {
    record Made(long time, int number) {}
    SplittableRandom dice = new SplittableRandom(seed);
    EventHeap heap = new EventHeap();
    PriorityQueue<Made> model = new PriorityQueue<>((a, b) ->
        a.time() == b.time() ? a.number() - b.number() : Long.compare(a.time(), b.time()));
    int[] happened = {-1};
    for (int i = 0; i < 5_000; i++) {
      int number = i;
      long time = dice.nextLong(200);
      heap.add(time, () -> happened[0] = number);
      model.add(new Made(time, number));
      if (dice.nextInt(3) == 0) {
        Made first = model.remove();
        assertThat(heap.firstTime()).isEqualTo(first.time());
        heap.remove().run();
        assertThat(happened[0]).isEqualTo(first.number());
      }
    }
    while (!model.isEmpty()) {
      heap.remove().run();
      assertThat(happened[0]).isEqualTo(model.remove().number());
    }
    assertThat(heap.isEmpty()).isTrue();
  }
}
