package dev.paxoskv.server.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paxoskv.paxos.identity.Identity;
import dev.paxoskv.paxos.identity.IdentityException;
import dev.paxoskv.paxos.identity.IdentityFile;
import dev.paxoskv.paxos.journal.Disk;
import dev.paxoskv.paxos.journal.Recovery;
import dev.paxoskv.paxos.net.Address;
import dev.paxoskv.server.machine.KvStateMachine;
import dev.paxoskv.server.snapshot.SnapshotStore;
import dev.paxoskv.sim.disk.SimDisk;
import dev.paxoskv.sim.disk.SimDisk.PowerCut;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a restored directory is, and that none is restored by half. */
class RestoreTest {
  private static final int SEGMENT_BYTES = 4096;
  private static final List<Address> PEERS = List.of(
      new Address("10.0.0.1", 7001), new Address("10.0.0.2", 7001), new Address("10.0.0.3", 7001));

  @TempDir
  private Path directory;

  private static Restore restore(BackupFile backup, Optional<String> clusterId) {
    return new Restore(backup, new Restore.Target(PEERS, 1, clusterId), new SplittableRandom(11));
  }

  /** Starts as a server does, and looks. */
  private static Identity begin(Disk disk) throws IOException {
    return new IdentityFile(disk, 1, PEERS.size()).begin("f".repeat(32), new SplittableRandom(12));
  }

  private static void isRestored(Disk disk, String cluster) throws IOException {
    Identity identity = begin(disk);
    assertThat(identity.cluster()).isEqualTo(cluster);
    assertThat(identity.isClusterDecided()).isTrue();
    assertThat(identity.incarnation()).isEqualTo(1);
    Recovery recovery = Recovery.open(disk, SEGMENT_BYTES, 1);
    assertThat(recovery.findings()).isEmpty();
    assertThat(recovery.recovered().floor()).isEqualTo(MadeBackup.INSTANCES);
    assertThat(recovery.recovered().max()).isEqualTo(MadeBackup.INSTANCES - 1);
    KvStateMachine loaded = new SnapshotStore(disk).load(MadeBackup::machine).machine();
    assertThat(loaded.applied()).isEqualTo(MadeBackup.INSTANCES - 1);
    assertThat(loaded.hash()).isEqualTo(MadeBackup.busy().hash());
  }

  @Test
  void aCrashAtAnyPointLeavesNothingThatStartsOrAllOfIt() throws IOException {
    int wholes = 0;
    int halves = 0;
    boolean isCut = true;
    try (BackupFile backup = BackupFile.open(MadeBackup.in(directory))) {
      for (int effect = 0; isCut; effect++) {
        SimDisk disk = new SimDisk();
        disk.cutPowerBefore(effect);
        try {
          restore(backup, Optional.empty()).into(disk, SEGMENT_BYTES);
          isCut = false;
          disk.restart();
        } catch (PowerCut e) {
          disk.crash(new SplittableRandom(effect));
        }
        // Drawn with the same dice each time.
        String cluster = restore(backup, Optional.empty()).into(new SimDisk(), SEGMENT_BYTES);
        if (disk.list().contains("identity-a")) {
          isRestored(disk, cluster);
          wholes++;
        } else if (!disk.list().isEmpty()) {
          assertThatThrownBy(() -> begin(disk)).isInstanceOf(IdentityException.class);
          halves++;
        }
      }
    }
    assertThat(wholes).isGreaterThan(2);
    assertThat(halves).isGreaterThan(10);
  }

  @Test
  void aMarkThatRotsIsMissed() throws IOException {
    try (BackupFile backup = BackupFile.open(MadeBackup.in(directory))) {
      for (int bit = 0; bit < 200 * 8; bit += 3) {
        SimDisk disk = new SimDisk();
        restore(backup, Optional.empty()).into(disk, SEGMENT_BYTES);
        disk.flip("log-0000000000000001", bit);
        // Never a peer that believes it may answer for what the snapshot covers.
        assertThat(floorOf(disk)).as("bit %d", bit).isIn(-1L, (long) MadeBackup.INSTANCES);
      }
    }
  }

  private static long floorOf(Disk disk) {
    try {
      return Recovery.open(disk, SEGMENT_BYTES, 1).recovered().floor();
    } catch (IOException e) {
      return -1;
    }
  }

  @Test
  void anIdIsForOneBackupAndOneListOfServers() throws IOException {
    try (BackupFile backup = BackupFile.open(MadeBackup.in(directory))) {
      String first = restore(backup, Optional.empty()).into(new SimDisk(), SEGMENT_BYTES);
      SimDisk second = new SimDisk();
      assertThat(restore(backup, Optional.of(first)).into(second, SEGMENT_BYTES))
          .isEqualTo(first);
      isRestored(second, first);
      Restore again = new Restore(
          backup, new Restore.Target(PEERS, 1, Optional.empty()), new SplittableRandom(13));
      assertThat(again.into(new SimDisk(), SEGMENT_BYTES)).isNotEqualTo(first);

      Restore others = new Restore(
          backup,
          new Restore.Target(PEERS.subList(0, 2), 1, Optional.of(first)),
          new SplittableRandom(11));
      refuses(others, "made for another backup, or for another --peers");
      refuses(restore(backup, Optional.of(MadeBackup.CLUSTER)), "no cluster id of a restore");
      refuses(restore(backup, Optional.of("x")), "no cluster id of a restore");
      refuses(
          restore(backup, Optional.of("1".repeat(32))), "made for another backup, or for another");
    }
  }

  private static void refuses(Restore restore, String words) {
    SimDisk disk = new SimDisk();
    assertThatThrownBy(() -> restore.into(disk, SEGMENT_BYTES))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(words);
    assertThat(disk.list()).isEmpty();
  }

  @Test
  void aStateThatIsNotWhatItsHeadSaysIsNotRestored() throws IOException {
    Path lying = MadeBackup.in(
        directory, head -> head.toBuilder().setContent(head.getContent() + 1).build());
    try (BackupFile backup = BackupFile.open(lying)) {
      refuses(restore(backup, Optional.empty()), "is not what it was when it was saved");
    }
  }

  @Test
  void withoutRoomNothingIsLeft() throws IOException {
    try (BackupFile backup = BackupFile.open(MadeBackup.in(directory))) {
      SimDisk disk = new SimDisk();
      disk.capacity(3 * SEGMENT_BYTES);
      assertThatThrownBy(() -> restore(backup, Optional.empty()).into(disk, SEGMENT_BYTES))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("no room");
      assertThat(disk.list()).isEmpty();
    }
  }

  @Test
  void aDirectoryInUseIsLeftAlone() throws IOException {
    Path used = Files.createDirectory(directory.resolve("used"));
    Files.writeString(used.resolve("something"), "x");
    try (BackupFile backup = BackupFile.open(MadeBackup.in(directory))) {
      Restore restore = restore(backup, Optional.empty());
      assertThatThrownBy(() -> restore.into(used)).hasMessageContaining("is not empty");
      assertThat(used.resolve("something")).hasContent("x");
      Path fresh = directory.resolve("deep").resolve("down");
      restore.into(fresh);
      assertThatThrownBy(() -> restore.into(fresh)).hasMessageContaining("is not empty");
    }
  }
}
