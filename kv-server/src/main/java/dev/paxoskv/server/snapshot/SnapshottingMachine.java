package dev.paxoskv.server.snapshot;

import dev.paxoskv.paxos.host.StateMachine;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.server.machine.KvStateMachine;
import dev.paxoskv.server.machine.SavedState;

/**
 * The store on a disk: after every so many bytes of log it has its state saved, and it is done with
 * an instance only when a durable snapshot covers it. Protocol thread only.
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
  private long covered;
  private boolean isSaving;

  /**
   * Wraps {@code machine}, whose present state is that of a durable snapshot, or empty.
   *
   * @param everyBytes how many bytes of applied values lie between two snapshots, at least
   */
  public SnapshottingMachine(KvStateMachine machine, Saver saver, long everyBytes) {
    this.machine = machine;
    this.saver = saver;
    this.everyBytes = everyBytes;
    this.covered = machine.applied();
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
        covered = isDurable ? state.applied() : covered;
        isSaving = false;
      });
    }
  }

  @Override
  public long applied() {
    return machine.applied();
  }

  @Override
  public long done() {
    return covered;
  }
}
