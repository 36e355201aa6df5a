package dev.paxoskv.server.backup;

import dev.paxoskv.paxos.identity.IdentityFile;
import dev.paxoskv.paxos.journal.Disk;
import dev.paxoskv.paxos.journal.Recovery;
import dev.paxoskv.paxos.journal.file.FileDisk;
import dev.paxoskv.paxos.net.Address;
import dev.paxoskv.paxos.protocol.DurableRecord;
import dev.paxoskv.paxos.protocol.Talk.Piece;
import dev.paxoskv.server.machine.KvStateMachine;
import dev.paxoskv.server.machine.StateWalk;
import dev.paxoskv.server.snapshot.SnapshotStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the data directory of one server of a new cluster out of a backup. The log comes first,
 * then the snapshot, and last, when all of that is durable, the identity: a directory without one
 * cannot be started, so none is that was restored in part.
 */
public final class Restore {
  private static final Logger LOG = LoggerFactory.getLogger(Restore.class);

  /**
   * The server to be.
   *
   * @param peers the list of the new cluster
   * @param me own index in it
   * @param clusterId what the restore of the first server has drawn; empty for the first
   */
  public record Target(List<Address> peers, int me, Optional<String> clusterId) {}

  private static final int SLICE_BYTES = 1 << 20;

  private final BackupFile backup;
  private final Target target;
  private final RandomGenerator dice;

  /**
   * Will restore from {@code backup}.
   *
   * @param dice draws ids; must not repeat itself
   */
  public Restore(BackupFile backup, Target target, RandomGenerator dice) {
    this.backup = backup;
    this.target = target;
    this.dice = dice;
  }

  /**
   * Restores into {@code directory}, which is made if it is not there and must be empty. Takes as
   * much memory as a server with that state.
   *
   * @return the id of the new cluster
   * @throws IOException if the backup cannot be used, or the directory not be written; then nothing
   *     is left in it, as far as the disk allows
   */
  public String into(Path directory) throws IOException {
    try (FileDisk disk = FileDisk.open(directory)) {
      List<String> files = disk.list();
      if (!files.isEmpty()) {
        throw new IOException(directory + " is not empty"
            + (files.contains(IdentityFile.RESTORING)
                ? ", as a restore into it was cut off; empty it"
                : "; a backup is restored into a new data directory only"));
      }
      return into(disk, Recovery.SEGMENT_BYTES);
    }
  }

  /** The same on a disk that is empty. */
  String into(Disk disk, long segmentBytes) throws IOException {
    ClusterId ids = new ClusterId(backup.head(), backup.checksum(), target.peers());
    String cluster =
        target.clusterId().isPresent() ? ids.check(target.clusterId().get()) : ids.draw(dice);
    try {
      write(disk, segmentBytes, cluster);
    } catch (IOException | RuntimeException e) {
      clear(disk);
      throw e;
    }
    return cluster;
  }

  private void write(Disk disk, long segmentBytes, String cluster) throws IOException {
    disk.create(IdentityFile.RESTORING, 0);
    disk.sync(IdentityFile.RESTORING);
    disk.syncDirectory();
    Recovery.open(disk, segmentBytes, dice.nextInt())
        .append(List.of(new DurableRecord.SnapshotMark(backup.head().applied())));
    writeSnapshot(disk);
    new IdentityFile(disk, target.me(), target.peers().size()).create(cluster, dice);
    disk.delete(IdentityFile.RESTORING);
    disk.syncDirectory();
  }

  /** As one that another server gives is written: checked as a whole, its state made of it. */
  private void writeSnapshot(Disk disk) throws IOException {
    SnapshotStore store = new SnapshotStore(disk);
    Piece piece = backup.piece(0);
    boolean hasRoom = store.receive(piece);
    while (hasRoom && piece.offset() + piece.bytes().size() < piece.size()) {
      piece = backup.piece(piece.offset() + piece.bytes().size());
      hasRoom = store.receive(piece);
    }
    requireRoom(hasRoom);
    Optional<SnapshotStore.Loaded> loaded = store.install(piece, Restore::fresh);
    if (loaded.isEmpty()) {
      throw new IOException(
          "the state in the backup is not what it was when it was saved; take" + " another backup");
    }
    saveAnew(disk, loaded.get().machine());
  }

  /**
   * The servers of the old cluster knew things of each other's states, such as that they differ.
   * They are not those of the new one, which all have the state that was chosen.
   */
  private void saveAnew(Disk disk, KvStateMachine machine) throws IOException {
    SnapshotStore store = new SnapshotStore(disk);
    StateWalk walk = machine.walk(SLICE_BYTES);
    requireRoom(store.begin(walk.head()));
    while (!walk.isOver()) {
      requireRoom(store.add(walk.next().toPart()));
    }
    requireRoom(store.end());
  }

  private void requireRoom(boolean hasRoom) throws IOException {
    if (!hasRoom) {
      throw new IOException("there is no room for the snapshot of "
          + backup.head().snapshotBytes() + " bytes in the backup, for a moment twice; make room");
    }
  }

  private static KvStateMachine fresh() {
    return new KvStateMachine((session, number, result) -> {});
  }

  /** The marker last: what is cut off here is still a restore that was cut off. */
  private static void clear(Disk disk) {
    try {
      for (String file : disk.list()) {
        if (!file.equals(IdentityFile.RESTORING)) {
          disk.delete(file);
        }
      }
      disk.delete(IdentityFile.RESTORING);
      disk.syncDirectory();
    } catch (IOException e) {
      LOG.warn("what was restored so far is left: {}", e.getMessage());
    }
  }
}
