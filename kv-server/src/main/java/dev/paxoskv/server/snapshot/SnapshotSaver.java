package dev.paxoskv.server.snapshot;

import dev.paxoskv.paxos.journal.JournalWorker;
import dev.paxoskv.proto.snapshot.SnapshotHead;
import dev.paxoskv.server.machine.Slice;

/** Saves snapshots to a store by a thread that may wait for the disk. Protocol thread only. */
public final class SnapshotSaver implements SnapshottingMachine.Saver {
  private final SnapshotStore store;
  private final JournalWorker thread;

  /** Saves to {@code store}, which nobody but {@code thread} uses from now on. */
  public SnapshotSaver(SnapshotStore store, JournalWorker thread) {
    this.store = store;
    this.thread = thread;
  }

  @Override
  public long newestBytes() {
    return store.newestBytes();
  }

  @Override
  public void begin(SnapshotHead head, SnapshottingMachine.Outcome outcome) {
    thread.run(() -> store.begin(head), outcome::done);
  }

  @Override
  public void add(Slice slice, SnapshottingMachine.Outcome outcome) {
    thread.run(() -> store.add(slice.toPart()), outcome::done);
  }

  @Override
  public void end(SnapshottingMachine.Outcome outcome) {
    thread.run(store::end, outcome::done);
  }
}
