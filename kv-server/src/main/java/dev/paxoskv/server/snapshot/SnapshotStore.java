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
   * What a server starts from.
   *
   * @param machine with the state of the newest intact snapshot; a new one if there is none
   * @param before the last instance that the snapshot before that one covers, or -1
   */
  public record Loaded(KvStateMachine machine, long before) {}

  /**
   * Loads the newest intact snapshot.
   *
   * @param fresh makes a machine that has applied nothing
   * @throws IOException if the disk fails
   */
  public Loaded load(Supplier<KvStateMachine> fresh) throws IOException {
    List<String> names = names();
    for (int i = names.size() - 1; i >= 0; i--) {
      KvStateMachine machine = fresh.get();
      try {
        machine.restore(SnapshotReader.read(disk, names.get(i), machine::restore));
        return new Loaded(machine, newestIntact(names.subList(0, i)));
      } catch (IOException e) {
        LOG.error("a snapshot cannot be used: {}; trying the one before", e.getMessage());
      }
    }
    return new Loaded(fresh.get(), -1);
  }

  private long newestIntact(List<String> names) {
    for (int i = names.size() - 1; i >= 0; i--) {
      try {
        return SnapshotReader.read(disk, names.get(i), part -> {}).getApplied();
      } catch (IOException e) {
        LOG.error("a snapshot cannot be used: {}", e.getMessage());
      }
    }
    return -1;
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
    int own = names.indexOf(name(state.applied()));
    for (int i = 0; i < names.size(); i++) {
      // One that claims to be newer was found damaged, or this state would have begun with it.
      if (i > own || i <= own - KEPT) {
        disk.delete(names.get(i));
      }
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
