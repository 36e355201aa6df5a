package dev.paxoskv.server;

import dev.paxoskv.paxos.NodeConfig;
import dev.paxoskv.paxos.PaxosNode;
import dev.paxoskv.paxos.host.StateMachine;
import dev.paxoskv.paxos.journal.file.FileDisk;
import dev.paxoskv.paxos.journal.file.JournalThread;
import dev.paxoskv.paxos.protocol.Quorum;
import dev.paxoskv.server.backup.Backups;
import dev.paxoskv.server.compare.StateComparison;
import dev.paxoskv.server.machine.KvStateMachine;
import dev.paxoskv.server.snapshot.LiveMachine;
import dev.paxoskv.server.snapshot.SnapshotSaver;
import dev.paxoskv.server.snapshot.SnapshotStore;
import dev.paxoskv.server.snapshot.SnapshotTransfers;
import dev.paxoskv.server.snapshot.SnapshottingMachine;
import java.io.IOException;
import java.util.Optional;

/** The replicated state of one server, and the threads that save it and give it to others. */
final class Storage implements NodeConfig.MachineMaker {
  /** Bytes of log between two snapshots. */
  static final long SNAPSHOT_EVERY_BYTES = 32L << 20;

  /** Of a slice of a snapshot on its way to the disk. */
  private static final int SLICE_BYTES = 1 << 20;

  private record Threads(JournalThread writer, JournalThread reader, JournalThread backup) {}

  private final int me;
  private final Quorum quorum;
  private final KvStateMachine.Listener listener;
  private final long snapshotEveryBytes;
  private Optional<KvStateMachine> inMemory = Optional.empty();
  private Optional<LiveMachine> live = Optional.empty();
  private Optional<Backups.Parts> backups = Optional.empty();
  private Optional<Threads> threads = Optional.empty();
  private Optional<PaxosNode> peer = Optional.empty();

  Storage(int me, Quorum quorum, KvStateMachine.Listener listener, long snapshotEveryBytes) {
    this.me = me;
    this.quorum = quorum;
    this.snapshotEveryBytes = snapshotEveryBytes;
    this.listener = listener;
  }

  @Override
  public StateMachine make(Optional<FileDisk> disk) throws IOException {
    if (disk.isEmpty()) {
      KvStateMachine made = empty();
      inMemory = Optional.of(made);
      return made;
    }
    SnapshotStore store = new SnapshotStore(disk.get());
    SnapshotStore.Loaded loaded = store.load(this::empty);
    JournalThread writer = thread("paxoskv-snapshot-");
    JournalThread reader = thread("paxoskv-pieces-");
    JournalThread backup = thread("paxoskv-backup-");
    threads = Optional.of(new Threads(writer, reader, backup));
    LiveMachine made = new LiveMachine(
        loaded,
        from -> new SnapshottingMachine(
            from,
            new SnapshotSaver(store, writer),
            new SnapshottingMachine.Pace(snapshotEveryBytes, SLICE_BYTES)),
        new SnapshotTransfers.Parts(
            store, writer, disk.get().forReadingOnly(), reader, this::empty));
    live = Optional.of(made);
    backups = Optional.of(new Backups.Parts(made, backup, disk.get()::forAnotherThread));
    return made;
  }

  private JournalThread thread(String name) {
    return new JournalThread(
        name + me, task -> peer().execute(task), failure -> peer().diskFailed(failure));
  }

  /** Any thread. */
  private KvStateMachine empty() {
    return new KvStateMachine(
        listener,
        KvStateMachine.SessionLimits.STORE,
        new StateComparison(me, quorum, StateComparison.EVERY));
  }

  /** From now on there is a peer to tell of what was saved, or that the disk has failed. */
  void attach(PaxosNode node) {
    peer = Optional.of(node);
  }

  /** There is one once the machine is made, and nothing is saved before. */
  private PaxosNode peer() {
    return peer.orElseThrow();
  }

  /** The state as it is now; there is one once the peer is made. */
  KvStateMachine machine() {
    return live.map(LiveMachine::machine).or(() -> inMemory).orElseThrow();
  }

  /** With what backups are made; empty in memory. */
  Optional<Backups.Parts> backups() {
    return backups;
  }

  /** One unit of time has passed, and the disk has room for more of the log, or not. */
  void tick(boolean hasRoom) {
    live.ifPresent(state -> state.tick(hasRoom));
  }

  void close() {
    threads.ifPresent(all -> {
      all.writer().close();
      all.reader().close();
      all.backup().close();
    });
  }
}
