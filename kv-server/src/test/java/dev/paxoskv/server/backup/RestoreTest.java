package dev.paxoskv.server.backup;

import static dev.paxoskv.server.backup.RestoredDisk.PEERS;
import static dev.paxoskv.server.backup.RestoredDisk.SEGMENT_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paxoskv.paxos.identity.IdentityException;
import dev.paxoskv.paxos.journal.Disk;
import dev.paxoskv.paxos.journal.Recovery;
import dev.paxoskv.sim.disk.SimDisk;
import dev.paxoskv.sim.disk.SimDisk.PowerCut;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a restored directory is, and that none is restored by half. */
class RestoreTest {
  @TempDir
  private Path directory;

  private static Restore restore(BackupFile backup, Optional<String> clusterId) {
    return RestoredDisk.restore(backup, clusterId, 11);
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
          RestoredDisk.isWhole(disk, cluster);
          wholes++;
        } else if (!disk.list().isEmpty()) {
          assertThatThrownBy(() -> RestoredDisk.begin(disk)).isInstanceOf(IdentityException.class);
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
      RestoredDisk.isWhole(second, first);
      Restore again = RestoredDisk.restore(backup, Optional.empty(), 13);
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
