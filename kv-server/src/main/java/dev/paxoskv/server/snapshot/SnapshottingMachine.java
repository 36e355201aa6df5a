package dev.paxoskv.server.snapshot;

import dev.paxoskv.paxos.host.StateMachine;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.server.machine.KvStateMachine;
import dev.paxoskv.server.machine.SavedState;

/**
 * The store on a disk: after every so many bytes of log it has its state saved, and it is done with
 * an instance only when two durable snapshots cover it. Protocol thread only.
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

  private final KvStateMachine machine;
  private final Saver saver;
  private final long everyBytes;
  private long bytes;
  private long newest;
  private long before;
  private boolean isSaving;

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
    if (bytes >= everyBytes && !isSaving) {
      bytes = 0;
      isSaving = true;
      SavedState state = machine.save();
      saver.save(state, isDurable -> {
        isSaving = false;
        if (isDurable) {
          before = newest;
          newest = state.applied();
        }
      });
    }
  }

  @Override
  public long applied() {
    return machine.applied();
  }

  /** What the snapshot before the newest covers: should the newest rot, the log goes on there. */
  @Override
  public long done() {
    return before;
  }
}
