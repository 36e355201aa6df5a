package dev.paxoskv.sim.disk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SimDiskTest {
  private final SimDisk disk = new SimDisk();

  @Test
  void whatIsSyncedSurvivesAndTheRestMay() throws IOException {
    Set<String> seen = new TreeSet<>();
    for (int seed = 0; seed < 100; seed++) {
      SimDisk one = new SimDisk();
      one.create("f", 1024);
      write(one, "f", 0, "safe");
      one.sync("f");
      one.syncDirectory();
      write(one, "f", 512, "loose");
      one.crash(new SplittableRandom(seed));

      assertThat(read(one, "f", 0, 4)).isEqualTo("safe");
      seen.add(read(one, "f", 512, 5).replace("\0", ""));
    }
    assertThat(seen).contains("", "loose");
  }

  @Test
  void namesHaveADurabilityOfTheirOwn() throws IOException {
    Set<Set<String>> seen = new HashSet<>();
    for (int seed = 0; seed < 100; seed++) {
      SimDisk one = new SimDisk();
      one.create("old", 0);
      one.syncDirectory();
      one.create("new", 0);
      one.rename("old", "older");
      one.crash(new SplittableRandom(seed));
      seen.add(Set.copyOf(one.list()));
    }
    assertThat(seen)
        .containsExactlyInAnyOrder(
            Set.of("old"), Set.of("older"), Set.of("old", "new"), Set.of("older", "new"));
  }

  @Test
  void aSyncedDirectoryIsCertain() throws IOException {
    disk.create("a", 0);
    disk.create("b", 0);
    disk.delete("a");
    disk.rename("b", "c");
    disk.syncDirectory();
    disk.crash(new SplittableRandom(1));
    assertThat(disk.list()).containsExactly("c");
  }

  @Test
  void aFailedSyncLosesWhatItWasGivenAndTheNextOneLies() throws IOException {
    disk.create("f", 512);
    disk.sync("f");
    disk.syncDirectory();
    write(disk, "f", 0, "gone");
    disk.failSyncAfter(0);
    assertThatThrownBy(() -> disk.sync("f")).hasMessage("Input/output error");
    assertThat(read(disk, "f", 0, 4)).isEqualTo("gone");
    disk.crash(new SplittableRandom(1));
    assertThat(read(disk, "f", 0, 4)).isEqualTo("\0\0\0\0");
  }

  @Test
  void thePowerIsCutBeforeTheEffectThatIsNamed() throws IOException {
    disk.create("f", 0);
    disk.cutPowerBefore(2);
    write(disk, "f", 0, "x");
    assertThatThrownBy(() -> disk.sync("f"))
        .isInstanceOf(SimDisk.PowerCut.class)
        .hasMessage("the power is cut before effect 2");
    assertThatThrownBy(disk::syncDirectory).isInstanceOf(SimDisk.PowerCut.class);
    assertThat(disk.effects()).isEqualTo(2);
  }

  @Test
  void isFullAndFails() throws IOException {
    disk.capacity(1000);
    disk.create("f", 600);
    assertThatThrownBy(() -> disk.create("g", 401)).hasMessage("No space left on device");
    write(disk, "f", 0, "rewritten");
    assertThat(disk.free()).isEqualTo(400);
    disk.failWith(Optional.of("Read-only file system"));
    assertThatThrownBy(() -> write(disk, "f", 0, "x")).hasMessage("Read-only file system");
    disk.restart();
    write(disk, "f", 0, "x");
  }

  @Test
  void rots() throws IOException {
    disk.create("f", 1024);
    write(disk, "f", 0, "first");
    disk.sync("f");
    write(disk, "f", 0, "other");
    disk.sync("f");
    assertThat(disk.restoreStale("f", 0)).isTrue();
    assertThat(read(disk, "f", 0, 5)).isEqualTo("first");
    disk.misdirect("f", 0, 1);
    assertThat(read(disk, "f", 512, 5)).isEqualTo("first");
    disk.flip("f", 0);
    assertThat(read(disk, "f", 0, 5)).isEqualTo("girst");
    disk.zero("f", 0);
    disk.crash(new SplittableRandom(1));
    assertThat(disk.list()).isSubsetOf("f");
  }

  private static void write(SimDisk disk, String file, long offset, String text)
      throws IOException {
    disk.write(file, offset, ByteBuffer.wrap(text.getBytes(UTF_8)));
  }

  private static String read(SimDisk disk, String file, long offset, int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count);
    disk.read(file, offset, bytes);
    return new String(bytes.array(), UTF_8);
  }
}
