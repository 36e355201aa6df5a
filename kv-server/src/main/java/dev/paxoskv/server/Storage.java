package dev.paxoskv.server;

import dev.paxoskv.paxos.NodeConfig;
import dev.paxoskv.paxos.PaxosNode;
import dev.paxoskv.paxos.host.StateMachine;
import dev.paxoskv.paxos.journal.file.FileDisk;
import dev.paxoskv.paxos.journal.file.JournalThread;
import dev.paxoskv.server.machine.KvStateMachine;
import dev.paxoskv.server.machine.SavedState;
import dev.paxoskv.server.snapshot.SnapshotStore;
import dev.paxoskv.server.snapshot.SnapshottingMachine;
import java.io.IOException;
import java.util.Optional;

/** The replicated state of one server, and the thread that saves it to the data directory. */
final class Storage implements NodeConfig.MachineMaker {
  /**
   * Bytes of log between two snapshots. Well below what may be retained of the log, so that servers
   * that save at different moments do not put off writes.
   */
  static final long SNAPSHOT_EVERY_BYTES = 32L << 20;

  private final int me;
  private final KvStateMachine.Listener listener;
  private Optional<KvStateMachine> machine = Optional.empty();
  private Optional<SnapshottingMachine> saving = Optional.empty();
  private Optional<SnapshotStore> snapshots = Optional.empty();
  private Optional<JournalThread> thread = Optional.empty();

  Storage(int me, KvStateMachine.Listener listener) {
    this.me = me;
    this.listener = listener;
  }

  @Override
  public StateMachine make(Optional<FileDisk> disk) throws IOException {
    snapshots = disk.map(SnapshotStore::new);
    if (snapshots.isEmpty()) {
      KvStateMachine made = new KvStateMachine(listener);
      machine = Optional.of(made);
      return made;
    }
    SnapshotStore.Loaded loaded = snapshots.get().load(() -> new KvStateMachine(listener));
    machine = Optional.of(loaded.machine());
    SnapshottingMachine made = new SnapshottingMachine(loaded, this::save, SNAPSHOT_EVERY_BYTES);
    saving = Optional.of(made);
    return made;
  }

  /** From now on there is a peer to tell of what was saved, or that the disk has failed. */
  void attach(PaxosNode node) {
    thread = snapshots.map(
        store -> new JournalThread("paxoskv-snapshot-" + me, node::execute, node::diskFailed));
  }

  /** The state; there is one once the peer is made. */
  KvStateMachine machine() {
    return machine.orElseThrow();
  }

  /** One unit of time has passed, and so much of the log is retained. */
  void tick(long retainedBytes) {
    saving.ifPresent(state -> state.tick(retainedBytes));
  }

  void close() {
    thread.ifPresent(JournalThread::close);
  }

  private void save(SavedState state, SnapshottingMachine.Outcome outcome) {
    SnapshotStore store = snapshots.orElseThrow();
    thread.orElseThrow().run(() -> store.save(state), outcome::saved);
  }
}
