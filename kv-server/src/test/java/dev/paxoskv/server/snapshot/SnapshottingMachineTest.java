package dev.paxoskv.server.snapshot;

import static dev.paxoskv.server.machine.Commands.batch;
import static dev.paxoskv.server.machine.Commands.put;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.paxos.protocol.history.Spilled;
import dev.paxoskv.proto.kv.Command;
import dev.paxoskv.proto.snapshot.SnapshotHead;
import dev.paxoskv.server.machine.KvStateMachine;
import dev.paxoskv.server.machine.Slice;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SnapshottingMachineTest {
  private static final int ENOUGH_TICKS = 1000;

  /** Saves that have come to their end, with whoever waits for the outcome. */
  private final ArrayDeque<SnapshottingMachine.Outcome> saves = new ArrayDeque<>();

  private final ArrayDeque<SnapshottingMachine.Outcome> slices = new ArrayDeque<>();
  private boolean isSlow;
  private final Value value = batch(put(1, 1, "k", "v".repeat(100)));
  private final long weight = (long) value.size() + Spilled.OVERHEAD_BYTES;
  private final SnapshottingMachine machine = new SnapshottingMachine(
      new SnapshotStore.Loaded(new KvStateMachine((session, number, result) -> {}), -1),
      new Disk(),
      new SnapshottingMachine.Pace(10 * weight, 64));
  private int applied;

  /** Takes everything at once; or slices one by one, when the test says so. */
  private final class Disk implements SnapshottingMachine.Saver {
    @Override
    public void begin(SnapshotHead head, SnapshottingMachine.Outcome outcome) {
      outcome.done(true);
    }

    @Override
    public void add(Slice slice, SnapshottingMachine.Outcome outcome) {
      slices.add(outcome);
      if (!isSlow) {
        slices.remove().done(true);
      }
    }

    @Override
    public void end(SnapshottingMachine.Outcome outcome) {
      saves.add(outcome);
    }
  }

  private void apply(int count) {
    for (int i = 0; i < count; i++) {
      machine.apply(applied++, value);
    }
  }

  private void tick(int count) {
    for (int i = 0; i < count; i++) {
      machine.tick(true);
    }
  }

  @Test
  void isDoneWithWhatTwoSnapshotsCover() {
    apply(10);
    saves.remove().done(true);
    assertThat(machine.done()).isEqualTo(-1);
    apply(10);
    saves.remove().done(true);
    assertThat(machine.done()).isEqualTo(9);
  }

  @Test
  void whoeverWantsASnapshotGetsOneThatCoversWhatIsApplied() {
    List<Long> covered = new ArrayList<>();
    apply(3);
    machine.save(covered::add);
    apply(1);
    // The one that is being saved lacks the last instance.
    machine.save(covered::add);
    saves.remove().done(true);
    assertThat(covered).isEmpty();
    saves.remove().done(true);
    assertThat(covered).containsExactly(3L);
    machine.save(covered::add);
    assertThat(covered).containsExactly(3L, 3L);
    assertThat(saves).isEmpty();
    apply(9);
    assertThat(saves).as("nothing is due yet").isEmpty();
  }

  @Test
  void whoeverWantsASnapshotIsToldThatThereIsNoRoom() {
    List<Long> covered = new ArrayList<>();
    apply(3);
    machine.save(covered::add);
    saves.remove().done(false);
    assertThat(covered).containsExactly(-1L);
    machine.save(covered::add);
    assertThat(covered).containsExactly(-1L, -1L);
    assertThat(saves).isEmpty();
    tick(ENOUGH_TICKS);
    machine.save(covered::add);
    machine.giveUp();
    saves.remove().done(true);
    assertThat(covered).containsExactly(-1L, -1L, -1L);
  }

  @Test
  void oneAtATimeAndTheNextWhenItIsDue() {
    apply(25);
    assertThat(saves).hasSize(1);
    saves.remove().done(true);
    apply(1);
    assertThat(saves).hasSize(1);
  }

  /** Once the log is full nothing is applied, so the next apply would be too late. */
  @Test
  void aSnapshotForWhichThereWasNoRoomIsTakenLaterWithoutAnotherApply() {
    apply(10);
    saves.remove().done(false);
    apply(5);
    assertThat(saves).isEmpty();
    tick(ENOUGH_TICKS);
    assertThat(saves).hasSize(1);
    saves.remove().done(true);
    apply(9);
    assertThat(saves).isEmpty();
  }

  /** The log grows no further then, so that no second snapshot would ever be due. */
  @Test
  void oneSnapshotIsEnoughWhenTheDiskHasNoRoomForTheLog() {
    apply(10);
    saves.remove().done(true);
    machine.tick(true);
    assertThat(machine.done()).isEqualTo(-1);
    machine.tick(false);
    assertThat(machine.done()).isEqualTo(9);
  }

  @Test
  void noMoreThanAFewSlicesAreUnderWay() {
    isSlow = true;
    machine.apply(applied++, manyKeys());
    assertThat(slices).hasSize(4);
    while (!slices.isEmpty()) {
      assertThat(saves).isEmpty();
      slices.remove().done(true);
      assertThat(slices).hasSizeLessThanOrEqualTo(4);
    }
    assertThat(saves).hasSize(1);
  }

  @Test
  void withoutRoomForASliceTheRestIsNotWrittenAndANewWalkComesLater() {
    isSlow = true;
    machine.apply(applied++, manyKeys());
    slices.remove().done(false);
    while (!slices.isEmpty()) {
      slices.remove().done(false);
    }
    tick(ENOUGH_TICKS);
    assertThat(slices).hasSize(4);
    assertThat(saves).isEmpty();
  }

  private static Value manyKeys() {
    Command[] commands = new Command[40];
    for (int i = 0; i < commands.length; i++) {
      commands[i] = put(1, i + 2, "key " + i, "v".repeat(100));
    }
    return batch(commands);
  }
}
