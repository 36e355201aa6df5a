package dev.paxoskv.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DiskHealthTest {
  private boolean hasRoom = true;
  private boolean hasRoomForVotes = true;
  private long busyNanos;
  private final DiskHealth health =
      new DiskHealth(() -> hasRoom, () -> hasRoomForVotes, () -> busyNanos);

  @Test
  void aStuckDiskTurnsEverythingAwayUntilItHasBeenQuickForAWhile() {
    health.tick();
    assertThat(health.putOff(true)).isEmpty();

    busyNanos = DiskHealth.STUCK_NANOS + 1;
    health.tick();
    assertThat(health.putOff(true)).isPresent();
    assertThat(health.putOff(false)).isPresent();

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
  void aFullDiskTurnsWritesAwayAndReadsNot() {
    hasRoom = false;
    health.tick();
    assertThat(health.putOff(true)).isPresent();
    assertThat(health.putOff(false)).isEmpty();
    hasRoomForVotes = false;
    assertThat(health.putOff(false)).isPresent();
    hasRoomForVotes = true;
    hasRoom = true;
    health.tick();
    assertThat(health.putOff(true)).isEmpty();
  }
}
