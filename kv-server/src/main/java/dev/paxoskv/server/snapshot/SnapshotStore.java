package dev.paxoskv.server.snapshot;

import dev.paxoskv.paxos.journal.Disk;
import dev.paxoskv.paxos.journal.file.FileTrouble;
import dev.paxoskv.paxos.protocol.Talk.Piece;
import dev.paxoskv.proto.snapshot.SnapshotHead;
import dev.paxoskv.proto.snapshot.SnapshotPart;
import dev.paxoskv.server.machine.KvStateMachine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
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

  /** What else an operator puts beside them, a copy for one, is none. */
  private static final Pattern NAME = Pattern.compile(PREFIX + "\\d{20}");

  private static final int KEPT = 2;

  /** A snapshot that is being written. */
  private record Begun(SnapshotHead head, SnapshotWriter writer) {}

  private final Disk disk;
  private Optional<Begun> begun = Optional.empty();
  private final ReceivedFile received;
  private long installed = -1;
  private volatile long newestBytes;

  public SnapshotStore(Disk disk) {
    this.disk = disk;
    this.received = new ReceivedFile(disk);
  }

  /** Size of the newest snapshot, 0 if there is none. Any thread. */
  long newestBytes() {
    return newestBytes;
  }

  /**
   * Writes a piece of a snapshot that somebody gives us; one at offset 0 begins anew.
   *
   * @return false if there is no room for the rest of it; what was there is gone then
   * @throws IOException if the disk fails otherwise
   */
  public boolean receive(Piece piece) throws IOException {
    return received.write(piece);
  }

  /**
   * Makes what was received the only snapshot, if it is the whole one that {@code last} is a piece
   * of. Nothing older is of use afterwards, as the log between is missing.
   *
   * @param fresh makes a machine that has applied nothing
   * @return the state in it, once it is durable; empty if it was not whole, and then it is gone
   * @throws IOException if the disk fails
   */
  public Optional<Loaded> install(Piece last, Supplier<KvStateMachine> fresh) throws IOException {
    KvStateMachine machine = fresh.get();
    try {
      SnapshotHead head = SnapshotReader.read(disk, ReceivedFile.NAME, machine::restore);
      if (head.getApplied() != last.index() || head.getHash() != last.hash()) {
        throw new SnapshotReader.RottenException("it is another one than was asked for");
      }
      if (!machine.restored(head)) {
        throw new SnapshotReader.RottenException("it holds another state than its head says");
      }
    } catch (SnapshotReader.RottenException e) {
      LOG.error("a snapshot that was received cannot be used: {}", e.getMessage());
      received.delete();
      return Optional.empty();
    }
    installed = last.index();
    begun = Optional.empty();
    newestBytes = last.size();
    received.becomes(name(installed));
    for (String name : names(disk)) {
      if (!name.equals(name(installed))) {
        disk.delete(name);
      }
    }
    disk.syncDirectory();
    LOG.info("took over a snapshot of {} bytes, up to instance {}", last.size(), installed);
    return Optional.of(new Loaded(machine, installed));
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
    received.delete();
    List<String> names = names(disk);
    for (int i = names.size() - 1; i >= 0; i--) {
      KvStateMachine machine = fresh.get();
      try {
        SnapshotHead head = SnapshotReader.read(disk, names.get(i), machine::restore);
        if (!machine.restored(head)) {
          throw new SnapshotReader.RottenException(
              names.get(i) + " holds another state than its head says");
        }
        newestBytes = disk.size(names.get(i));
        return new Loaded(machine, newestIntact(names.subList(0, i)));
      } catch (IOException e) {
        LOG.error("a snapshot cannot be used: {}; trying the one before", FileTrouble.of(e));
      }
    }
    return new Loaded(fresh.get(), -1);
  }

  private long newestIntact(List<String> names) {
    for (int i = names.size() - 1; i >= 0; i--) {
      try {
        return SnapshotReader.check(disk, names.get(i)).getApplied();
      } catch (IOException e) {
        LOG.error("a snapshot cannot be used: {}", FileTrouble.of(e));
      }
    }
    return -1;
  }

  /**
   * Begins to keep a state; one that was begun before and has not ended is dropped.
   *
   * @return false if the disk has no room for it, and then it is dropped
   * @throws IOException if the disk fails otherwise
   */
  public boolean begin(SnapshotHead head) throws IOException {
    // One of the state before another server's was taken over is of no use.
    boolean isOfUse = head.getApplied() > installed;
    return isOfUse
        && write(() -> begun = Optional.of(
            new Begun(head, SnapshotWriter.begin(disk, name(head.getApplied()), head))));
  }

  /** Adds a part to what was begun; returns and throws as {@link #begin}. */
  public boolean add(SnapshotPart part) throws IOException {
    Optional<Begun> open = begun;
    return open.isPresent() && write(() -> open.get().writer().add(part));
  }

  /**
   * Ends what was begun; returns and throws as {@link #begin}, true once it is durable. Older
   * snapshots than the one before go.
   */
  public boolean end() throws IOException {
    Optional<Begun> open = begun;
    if (open.isEmpty() || !write(() -> open.get().writer().end())) {
      return false;
    }
    begun = Optional.empty();
    List<String> names = names(disk);
    int own = names.indexOf(name(open.get().head().getApplied()));
    newestBytes = disk.size(names.get(own));
    for (int i = 0; i < names.size(); i++) {
      // One that claims to be newer was found damaged, or this state would have begun with it.
      if (i > own || i <= own - KEPT) {
        disk.delete(names.get(i));
      }
    }
    disk.syncDirectory();
    LOG.info("saved a snapshot up to instance {}", open.get().head().getApplied());
    return true;
  }

  private interface Write {
    void perform() throws IOException;
  }

  private boolean write(Write write) throws IOException {
    try {
      write.perform();
      return true;
    } catch (NoRoomException e) {
      LOG.warn("no snapshot was taken: {}", e.getMessage());
      begun = Optional.empty();
      return false;
    }
  }

  /**
   * Checks that the snapshot which covers everything up to {@code applied} is as it was written.
   *
   * @throws IOException if it is not, is gone, or cannot be read
   */
  public static SnapshotHead check(Disk disk, long applied) throws IOException {
    return SnapshotReader.check(disk, name(applied));
  }

  /**
   * A line for each snapshot, for people.
   *
   * @throws IOException if the disk fails
   */
  public List<String> describe() throws IOException {
    List<String> lines = new ArrayList<>();
    for (String name : names(disk)) {
      String state;
      try {
        SnapshotHead head = SnapshotReader.check(disk, name);
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
  static List<String> names(Disk disk) throws IOException {
    List<String> names = new ArrayList<>(disk.list());
    names.removeIf(name -> !NAME.matcher(name).matches());
    names.sort(Comparator.naturalOrder());
    return names;
  }

  /** The file of the snapshot which covers everything up to {@code applied}. */
  public static String name(long applied) {
    return String.format(Locale.ROOT, "%s%020d", PREFIX, applied);
  }
}
