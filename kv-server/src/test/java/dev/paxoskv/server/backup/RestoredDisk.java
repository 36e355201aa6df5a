package dev.paxoskv.server.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.paxos.identity.Identity;
import dev.paxoskv.paxos.identity.IdentityFile;
import dev.paxoskv.paxos.journal.Disk;
import dev.paxoskv.paxos.journal.Recovery;
import dev.paxoskv.paxos.net.Address;
import dev.paxoskv.server.machine.KvStateMachine;
import dev.paxoskv.server.snapshot.SnapshotStore;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Restores {@link MadeBackup} for the server in the middle of three, and looks at what came of it.
 */
final class RestoredDisk {
  static final int SEGMENT_BYTES = 4096;
  static final List<Address> PEERS = List.of(
      new Address("10.0.0.1", 7001), new Address("10.0.0.2", 7001), new Address("10.0.0.3", 7001));

  private RestoredDisk() {}

  static Restore restore(BackupFile backup, Optional<String> clusterId, long seed) {
    Restore.Target target = new Restore.Target(PEERS, 1, clusterId);
    return new Restore(backup, target, new SplittableRandom(seed));
  }

  /** Starts as a server does, and looks. */
  static Identity begin(Disk disk) throws IOException {
    return new IdentityFile(disk, 1, PEERS.size()).begin("f".repeat(32), new SplittableRandom(12));
  }

  /** Fails if it is not all there. */
  static void isWhole(Disk disk, String cluster) throws IOException {
    Identity identity = begin(disk);
    assertThat(identity.cluster()).isEqualTo(cluster);
    assertThat(identity.isClusterDecided()).isTrue();
    assertThat(identity.incarnation()).isEqualTo(1);
    Recovery recovery = Recovery.open(disk, SEGMENT_BYTES, 1);
    assertThat(recovery.findings()).isEmpty();
    assertThat(recovery.recovered().floor()).isEqualTo(MadeBackup.INSTANCES);
    assertThat(recovery.recovered().max()).isEqualTo(MadeBackup.INSTANCES - 1);
    assertThat(SnapshotStore.check(disk, MadeBackup.INSTANCES - 1).hasComparison())
        .as("what the old servers knew of each other is known here")
        .isFalse();
    KvStateMachine loaded = new SnapshotStore(disk).load(MadeBackup::machine).machine();
    assertThat(loaded.applied()).isEqualTo(MadeBackup.INSTANCES - 1);
    assertThat(loaded.hash()).isEqualTo(MadeBackup.busy().hash());
  }
}
