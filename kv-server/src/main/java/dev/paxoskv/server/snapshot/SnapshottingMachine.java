package dev.paxoskv.server.snapshot;

import dev.paxoskv.paxos.host.StateMachine;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.server.machine.KvStateMachine;
import dev.paxoskv.server.machine.SavedState;

/**
 * The store on a disk: after every so many bytes of log it has its state saved, and it is done with
 * an instance when two durable snapshots cover it, or one if the log is about to grow too long.
 * Protocol thread only.
 */
public final class SnapshottingMachine implements StateMachine {

  /** Port to whatever saves: elsewhere, and without keeping the caller waiting. */
  public interface Saver {
    /** Saves {@code state}, elsewhere, and says how that went on the protocol thread. */
    void save(SavedState state, Outcome outcome);
  }

  /** How saving went. */
  public interface Outcome {
    /** It is durable, or there was no room for it. */
    void saved(boolean isDurable);
  }

  /** For so long a snapshot is put off for which there was no room. */
  private static final int PUT_OFF_TICKS = 300;

  /** So many distances between snapshots of retained log are more than saving in time explains. */
  private static final int PRESSING = 3;

  private final KvStateMachine machine;
  private final Saver saver;
  private final long everyBytes;
  private long bytes;
  private long newest;
  private long before;
  private boolean isSaving;
  private int putOffTicks;
  private boolean isPressed;

  /**
   * Goes on from what was loaded.
   *
   * @param everyBytes how many bytes of applied values lie between two snapshots, at least
   */
  public SnapshottingMachine(SnapshotStore.Loaded loaded, Saver saver, long everyBytes) {
    this.machine = loaded.machine();
    this.saver = saver;
    this.everyBytes = everyBytes;
    this.newest = machine.applied();
    this.before = loaded.before();
  }

  @Override
  public void apply(long seq, Value value) {
    machine.apply(seq, value);
    bytes += value.size();
    saveIfDue();
  }

  /**
   * One unit of time has passed.
   *
   * @param retainedBytes what the log holds that somebody is not done with
   */
  public void tick(long retainedBytes) {
    isPressed = retainedBytes >= PRESSING * everyBytes;
    if (putOffTicks > 0) {
      // Not left to the next apply: with a long log there is none before it is cut.
      putOffTicks--;
      saveIfDue();
    }
  }

  private void saveIfDue() {
    if (bytes < everyBytes || isSaving || putOffTicks > 0) {
      return;
    }
    isSaving = true;
    long covered = bytes;
    SavedState state = machine.save();
    saver.save(state, isDurable -> {
      isSaving = false;
      if (isDurable) {
        bytes -= covered;
        before = newest;
        newest = state.applied();
      } else {
        putOffTicks = PUT_OFF_TICKS;
      }
    });
  }

  @Override
  public long applied() {
    return machine.applied();
  }

  /**
   * What the snapshot before the newest covers: should the newest rot, the log goes on there. When
   * the log is too long, room matters more: it grows no further, and so no snapshot would follow.
   */
  @Override
  public long done() {
    return isPressed ? newest : before;
  }
}
