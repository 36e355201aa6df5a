package dev.paxoskv.server.service;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BatchClockTest {
  private long applied;
  private final BatchClock clock = new BatchClock(() -> applied);

  private void ticks(int count) {
    for (int i = 0; i < count; i++) {
      clock.tick();
    }
  }

  @Test
  void neverStampsNothing() {
    assertThat(clock.stamp()).isEqualTo(1);
  }

  @Test
  void goesOnWithItsTicksFromWhatWasApplied() {
    ticks(5);
    assertThat(clock.stamp()).isEqualTo(50);
    applied = 70;
    assertThat(clock.stamp()).isEqualTo(70);
    ticks(1);
    assertThat(clock.stamp()).isEqualTo(70);
    ticks(2);
    assertThat(clock.stamp()).isEqualTo(90);
  }

  @Test
  void isNeverMoreThanASecondAhead() {
    applied = 500;
    ticks(1000);
    assertThat(clock.stamp()).isEqualTo(1500);
    applied = 1500;
    ticks(1);
    assertThat(clock.stamp()).isEqualTo(1510);
  }
}
