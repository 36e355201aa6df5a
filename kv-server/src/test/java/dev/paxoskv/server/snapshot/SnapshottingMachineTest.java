package dev.paxoskv.server.snapshot;

import static dev.paxoskv.server.machine.Commands.batch;
import static dev.paxoskv.server.machine.Commands.put;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.server.machine.KvStateMachine;
import java.util.ArrayDeque;
import org.junit.jupiter.api.Test;

class SnapshottingMachineTest {
  private static final int ENOUGH_TICKS = 1000;

  private final ArrayDeque<SnapshottingMachine.Outcome> saves = new ArrayDeque<>();
  private final Value value = batch(put(1, 1, "k", "v".repeat(100)));
  private final SnapshottingMachine machine = new SnapshottingMachine(
      new SnapshotStore.Loaded(new KvStateMachine((session, number, result) -> {}), -1),
      (state, outcome) -> saves.add(outcome),
      10L * value.size());
  private int applied;

  private void apply(int count) {
    for (int i = 0; i < count; i++) {
      machine.apply(applied++, value);
    }
  }

  private void tick(int count, long retained) {
    for (int i = 0; i < count; i++) {
      machine.tick(retained * value.size());
    }
  }

  @Test
  void isDoneWithWhatTwoSnapshotsCover() {
    apply(10);
    saves.remove().saved(true);
    assertThat(machine.done()).isEqualTo(-1);
    apply(10);
    saves.remove().saved(true);
    assertThat(machine.done()).isEqualTo(9);
  }

  @Test
  void oneAtATimeAndTheNextWhenItIsDue() {
    apply(25);
    assertThat(saves).hasSize(1);
    saves.remove().saved(true);
    apply(1);
    assertThat(saves).hasSize(1);
  }

  /** Once the log is full nothing is applied, so the next apply would be too late. */
  @Test
  void aSnapshotForWhichThereWasNoRoomIsTakenLaterWithoutAnotherApply() {
    apply(10);
    saves.remove().saved(false);
    apply(5);
    assertThat(saves).isEmpty();
    tick(ENOUGH_TICKS, 15);
    assertThat(saves).hasSize(1);
    saves.remove().saved(true);
    apply(9);
    assertThat(saves).isEmpty();
  }

  @Test
  void oneSnapshotIsEnoughWhenTheLogIsTooLong() {
    apply(40);
    saves.remove().saved(true);
    tick(1, 29);
    assertThat(machine.done()).isEqualTo(-1);
    tick(1, 30);
    assertThat(machine.done()).isEqualTo(9);
  }
}
