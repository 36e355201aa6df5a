package dev.paxoskv.server;

import dev.paxoskv.paxos.NodeConfig;
import dev.paxoskv.paxos.PaxosNode;
import dev.paxoskv.paxos.host.StateMachine;
import dev.paxoskv.paxos.journal.file.FileDisk;
import dev.paxoskv.paxos.journal.file.JournalThread;
import dev.paxoskv.server.machine.KvStateMachine;
import dev.paxoskv.server.snapshot.SnapshotSaver;
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

  /** Of a slice of a snapshot on its way to the disk. */
  private static final int SLICE_BYTES = 1 << 20;

  private final int me;
  private final KvStateMachine.Listener listener;
  private Optional<KvStateMachine> machine = Optional.empty();
  private Optional<SnapshottingMachine> saving = Optional.empty();
  private Optional<PaxosNode> peer = Optional.empty();
  private Optional<JournalThread> thread = Optional.empty();

  Storage(int me, KvStateMachine.Listener listener) {
    this.me = me;
    this.listener = listener;
  }

  @Override
  public StateMachine make(Optional<FileDisk> disk) throws IOException {
    if (disk.isEmpty()) {
      KvStateMachine made = new KvStateMachine(listener);
      machine = Optional.of(made);
      return made;
    }
    SnapshotStore snapshots = new SnapshotStore(disk.get());
    SnapshotStore.Loaded loaded = snapshots.load(() -> new KvStateMachine(listener));
    machine = Optional.of(loaded.machine());
    JournalThread worker = new JournalThread(
        "paxoskv-snapshot-" + me,
        task -> peer().execute(task),
        failure -> peer().diskFailed(failure));
    thread = Optional.of(worker);
    SnapshottingMachine made = new SnapshottingMachine(
        loaded,
        new SnapshotSaver(snapshots, worker),
        new SnapshottingMachine.Pace(SNAPSHOT_EVERY_BYTES, SLICE_BYTES));
    saving = Optional.of(made);
    return made;
  }

  /** From now on there is a peer to tell of what was saved, or that the disk has failed. */
  void attach(PaxosNode node) {
    peer = Optional.of(node);
  }

  /** There is one once the machine is made, and nothing is saved before. */
  private PaxosNode peer() {
    return peer.orElseThrow();
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
}
