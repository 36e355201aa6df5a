package dev.paxoskv.server.snapshot;

import dev.paxoskv.paxos.journal.Disk;
import dev.paxoskv.proto.snapshot.SnapshotHead;
import dev.paxoskv.server.machine.KvStateMachine;
import dev.paxoskv.server.machine.SavedState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The snapshots of one data directory: the newest, and the one before in case the newest rots. One
 * thread at a time.
 */
public final class SnapshotStore {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotStore.class);

  static final String PREFIX = "snapshot-";
  static final String NEW = ".new";
  private static final int KEPT = 2;

  private final Disk disk;

  public SnapshotStore(Disk disk) {
    this.disk = disk;
  }

  /**
   * A machine with the state of the newest intact snapshot; a new one if there is none.
   *
   * @param fresh makes a machine that has applied nothing
   * @throws IOException if the disk fails
   */
  public KvStateMachine load(Supplier<KvStateMachine> fresh) throws IOException {
    List<String> names = names();
    for (int i = names.size() - 1; i >= 0; i--) {
      KvStateMachine machine = fresh.get();
      try {
        machine.restore(SnapshotReader.read(disk, names.get(i), machine::restore));
        return machine;
      } catch (SnapshotReader.RottenException e) {
        LOG.error("a snapshot cannot be used: {}; trying the one before", e.getMessage());
      }
    }
    return fresh.get();
  }

  /**
   * Keeps {@code state}. Older snapshots than the one before go.
   *
   * @return true once it is durable; false if the disk has no room for it
   * @throws IOException if the disk fails otherwise
   */
  public boolean save(SavedState state) throws IOException {
    try {
      SnapshotWriter.write(disk, name(state.applied()), state);
    } catch (NoRoomException e) {
      LOG.warn("no snapshot was taken: {}", e.getMessage());
      return false;
    }
    List<String> names = names();
    for (String old : names.subList(0, Math.max(0, names.size() - KEPT))) {
      disk.delete(old);
    }
    disk.syncDirectory();
    return true;
  }

  /**
   * A line for each snapshot, for people.
   *
   * @throws IOException if the disk fails
   */
  public List<String> describe() throws IOException {
    List<String> lines = new ArrayList<>();
    for (String name : names()) {
      String state;
      try {
        SnapshotHead head = SnapshotReader.read(disk, name, part -> {});
        state = "up to instance " + head.getApplied() + ", state hash "
            + Long.toHexString(head.getHash());
      } catch (SnapshotReader.RottenException e) {
        state = e.getMessage();
      }
      lines.add(name + ": " + disk.size(name) + " bytes, " + state);
    }
    return lines;
  }

  /** Names of whole snapshots, oldest first. */
  private List<String> names() throws IOException {
    List<String> names = new ArrayList<>(disk.list());
    names.removeIf(name -> !name.startsWith(PREFIX) || name.endsWith(NEW));
    names.sort(Comparator.naturalOrder());
    return names;
  }

  private static String name(long applied) {
    return String.format(Locale.ROOT, "%s%020d", PREFIX, applied);
  }
}
