package dev.paxoskv.server.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paxoskv.paxos.identity.IdentityException;
import dev.paxoskv.sim.disk.SimDisk;
import dev.paxoskv.sim.disk.SimDisk.PowerCut;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.LongFunction;
import java.util.stream.Stream;

/**
 * A backup is made, something befalls it or its restore, which the seed says, and whatever starts
 * then must be the whole state of a new cluster. From a seed to no time at all, and what was wrong.
 */
final class BackupGale implements LongFunction<Map.Entry<Long, String>> {
  /** More than a restore has. */
  private static final int EFFECTS = 40;

  @Override
  public Map.Entry<Long, String> apply(long seed) {
    try {
      Path directory = Files.createTempDirectory("backup-gale");
      try {
        play(directory, new SplittableRandom(seed));
      } finally {
        delete(directory);
      }
      return Map.entry(0L, "");
    } catch (IOException | RuntimeException | AssertionError e) {
      return Map.entry(0L, "backup: " + e.getMessage());
    }
  }

  private static void play(Path directory, SplittableRandom dice) throws IOException {
    switch (dice.nextInt(4)) {
      case 0 -> rots(MadeBackup.in(directory), dice);
      case 1 -> lies(directory);
      case 2 -> isCutOff(MadeBackup.in(directory), dice);
      default -> isRestoredTwice(MadeBackup.in(directory), dice);
    }
  }

  private static void delete(Path directory) throws IOException {
    List<Path> all;
    try (Stream<Path> files = Files.walk(directory)) {
      all = files.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : all) {
      Files.delete(file);
    }
  }

  /** One bit is another one. */
  private static void rots(Path file, SplittableRandom dice) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    // Often where it begins or ends: of what is between, others look at every bit, too.
    int at = dice.nextInt(3) == 0 ? dice.nextInt(bytes.length) : dice.nextInt(BackupHead.BYTES);
    bytes[at] ^= (byte) (1 << dice.nextInt(8));
    Files.write(file, bytes);
    isRefused(file, "byte " + at + " is another one");
  }

  /** The state is not the one that was saved. */
  private static void lies(Path directory) throws IOException {
    Path file = MadeBackup.in(
        directory, head -> head.toBuilder().setContent(head.getContent() + 1).build());
    isRefused(file, "it has another state than its head says");
  }

  private static void isRefused(Path file, String why) {
    assertThatThrownBy(() -> {
          try (BackupFile backup = BackupFile.open(file)) {
            into(new SimDisk(), backup, Optional.empty(), 1);
          }
        })
        .as(why)
        .isInstanceOf(IOException.class);
  }

  private static String into(SimDisk disk, BackupFile backup, Optional<String> id, long seed)
      throws IOException {
    return RestoredDisk.restore(backup, id, seed).into(disk, RestoredDisk.SEGMENT_BYTES);
  }

  /** The power fails while it is restored. */
  private static void isCutOff(Path file, SplittableRandom dice) throws IOException {
    long ids = dice.nextLong();
    SimDisk disk = new SimDisk();
    disk.cutPowerBefore(dice.nextInt(EFFECTS));
    try (BackupFile backup = BackupFile.open(file)) {
      String cluster = into(new SimDisk(), backup, Optional.empty(), ids);
      try {
        into(disk, backup, Optional.empty(), ids);
        disk.restart();
      } catch (PowerCut e) {
        disk.crash(dice);
      }
      if (disk.list().contains("identity-a")) {
        RestoredDisk.isWhole(disk, cluster);
      } else if (!disk.list().isEmpty()) {
        assertThatThrownBy(() -> RestoredDisk.begin(disk)).isInstanceOf(IdentityException.class);
      }
    }
  }

  /** For two servers of one new cluster, and for one of another. */
  private static void isRestoredTwice(Path file, SplittableRandom dice) throws IOException {
    try (BackupFile backup = BackupFile.open(file)) {
      SimDisk first = new SimDisk();
      String cluster = into(first, backup, Optional.empty(), dice.nextLong());
      RestoredDisk.isWhole(first, cluster);
      assertThat(cluster).as("the cluster that was backed up").isNotEqualTo(MadeBackup.CLUSTER);
      SimDisk second = new SimDisk();
      into(second, backup, Optional.of(cluster), dice.nextLong());
      RestoredDisk.isWhole(second, cluster);
      String another = into(new SimDisk(), backup, Optional.empty(), dice.nextLong());
      assertThat(another).as("another restore").isNotEqualTo(cluster);
    }
  }
}
