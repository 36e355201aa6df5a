package dev.paxoskv.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DiskHealthTest {
  private boolean hasRoom = true;
  private long busyNanos;
  private final DiskHealth health = new DiskHealth(() -> hasRoom, () -> busyNanos);

  @Test
  void aStuckDiskTurnsWritesAwayUntilItHasBeenQuickForAWhile() {
    health.tick();
    assertThat(health.putOff()).isEmpty();

    busyNanos = DiskHealth.STUCK_NANOS + 1;
    health.tick();
    assertThat(health.putOff()).isPresent();

    busyNanos = 0;
    for (int tick = 1; tick < DiskHealth.QUICK_TICKS; tick++) {
      health.tick();
      assertThat(health.fault()).as("tick %d", tick).isPresent();
    }
    health.tick();
    assertThat(health.fault()).isEmpty();
  }

  @Test
  void aDiskThatIsSlowAgainMustBeQuickForTheWholeWhileAgain() {
    busyNanos = DiskHealth.STUCK_NANOS + 1;
    health.tick();
    busyNanos = 0;
    for (int tick = 1; tick < DiskHealth.QUICK_TICKS; tick++) {
      health.tick();
    }
    busyNanos = DiskHealth.STUCK_NANOS / 2;
    health.tick();
    busyNanos = 0;
    health.tick();
    assertThat(health.fault()).isPresent();
  }

  @Test
  void aFullDiskTurnsWritesAwayUntilThereIsRoom() {
    hasRoom = false;
    health.tick();
    assertThat(health.putOff()).isPresent();
    hasRoom = true;
    health.tick();
    assertThat(health.putOff()).isEmpty();
  }
}
