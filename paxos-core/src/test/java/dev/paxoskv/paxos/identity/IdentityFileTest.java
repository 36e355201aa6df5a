package dev.paxoskv.paxos.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two copies of who we are: what they survive, and what they must not be taken for. */
class IdentityFileTest {
  private static final String A = IdentityFile.COPY_A;
  private static final String B = IdentityFile.COPY_B;
  private static final String CLUSTER = "00000000000000001122334455667788";

  private final RandomGenerator dice = new SplittableRandom(7);
  private final MemoryDisk disk = new MemoryDisk();

  @Test
  void aNewDirectoryDrawsItsMember() throws IOException {
    Identity first = begin(disk);
    assertThat(first.incarnation()).isEqualTo(1);
    assertThat(first.memberId()).matches("[0-9a-f]{32}");
    assertThat(first.bootId()).matches("[0-9a-f]{32}").isNotEqualTo(first.memberId());
    assertThat(first.cluster()).isEqualTo(CLUSTER);
    assertThat(disk.list()).containsExactly(A, B);
    assertThat(begin(new MemoryDisk()).memberId()).isNotEqualTo(first.memberId());
  }

  @Test
  void eachStartIsANewLifeOfTheSameMember() throws IOException {
    Identity first = begin(disk);
    Identity second = begin(disk.afterPowerCut());
    assertThat(second).isEqualTo(new Identity(CLUSTER, first.memberId(), 1, 3, 2, second.bootId()));
    assertThat(second.bootId()).isNotEqualTo(first.bootId());
  }

  @Test
  void aRestoredDirectoryStartsAsANewMemberOfItsCluster() throws IOException {
    String cluster = "0000000000000001" + "0".repeat(16);
    disk.put(IdentityFile.RESTORING, new byte[0]);
    disk.put("log-1", new byte[8]);
    refuses(disk, "a restore into the data directory of peer 1 was cut off", "restore again");
    new IdentityFile(disk, 1, 3).create(cluster, dice);
    Identity first = begin(disk);
    assertThat(first.cluster()).isEqualTo(cluster);
    assertThat(first.isClusterDecided()).isTrue();
    assertThat(first.incarnation()).isEqualTo(1);
    assertThatThrownBy(() -> new IdentityFile(disk, 1, 3).create(cluster, dice))
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining("belongs to a member already");
    assertThat(begin(new MemoryDisk()).isClusterDecided()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {A, B})
  void anyFlippedByteOfOneCopyIsMadeGoodFromTheOther(String rotten) throws IOException {
    Identity first = begin(disk);
    for (int at = 0; at < IdentityFormat.BYTES; at++) {
      for (int bit = 0; bit < 8; bit++) {
        MemoryDisk copy = disk.afterPowerCut();
        flip(copy, rotten, at, bit);
        Identity next = begin(copy);
        assertThat(next.memberId()).as("byte %d bit %d", at, bit).isEqualTo(first.memberId());
        assertThat(next.incarnation()).isEqualTo(2);
        assertThat(copy.files.get(A)).isEqualTo(copy.files.get(B));
      }
    }
  }

  @Test
  void anyFlippedByteInBothCopiesIsALostDisk() throws IOException {
    begin(disk);
    for (int at = 0; at < IdentityFormat.BYTES; at++) {
      MemoryDisk copy = disk.afterPowerCut();
      flip(copy, A, at, at % 8);
      flip(copy, B, IdentityFormat.BYTES - 1 - at, 3);
      refuses(copy, "no readable copy of its identity", "kv replace 1");
    }
  }

  @Test
  void aCutOffOrLongerCopyIsRotten() throws IOException {
    Identity first = begin(disk);
    for (int size = 0; size <= IdentityFormat.BYTES + 9; size++) {
      if (size != IdentityFormat.BYTES) {
        MemoryDisk copy = disk.afterPowerCut();
        copy.put(A, java.util.Arrays.copyOf(copy.files.get(A), size));
        assertThat(begin(copy).memberId()).isEqualTo(first.memberId());
      }
    }
  }

  @Test
  void theNewerOfTwoIntactCopiesCounts() throws IOException {
    begin(disk);
    byte[] old = disk.files.get(B).clone();
    begin(disk);
    for (String stale : List.of(A, B)) {
      MemoryDisk copy = disk.afterPowerCut();
      copy.put(stale, old);
      assertThat(begin(copy).incarnation()).as("%s is stale", stale).isEqualTo(3);
    }
  }

  @Test
  void otherFilesWithoutAnIdentityAreALostDisk() throws IOException {
    disk.put("journal-1", new byte[8]);
    refuses(disk, "no readable copy of its identity", "kv replace 1");
  }

  @Test
  void theLockFileIsNoTraceOfUse() throws IOException {
    disk.put("lock", new byte[3]);
    assertThat(begin(disk).incarnation()).isEqualTo(1);
  }

  @Test
  void flagsThatDoNotFitAreRefusedInOneLine() throws IOException {
    begin(disk);
    assertThatThrownBy(() -> new IdentityFile(disk, 2, 3).begin(CLUSTER, dice))
        .isInstanceOf(IdentityException.class)
        .hasMessage("the data directory belongs to peer 1 of 3, but this was started as peer 2 of"
            + " 3; check --me, --peers and --data-dir");
    assertThatThrownBy(() -> new IdentityFile(disk, 1, 5).begin(CLUSTER, dice))
        .hasMessageContaining("started as peer 1 of 5");
  }

  @Test
  void copiesOfTwoMembersAreNotMixed() throws IOException {
    MemoryDisk other = new MemoryDisk();
    begin(disk);
    begin(other);
    disk.put(B, other.files.get(B));
    refuses(disk, "belong to different members", "mixed up");
  }

  @Test
  void aNewerVersionIsNotTakenForRot() throws IOException {
    begin(disk);
    for (String file : List.of(A, B)) {
      byte[] bytes = disk.files.get(file);
      bytes[7] = 2;
      java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
      crc.update(bytes, 0, bytes.length - 4);
      java.nio.ByteBuffer.wrap(bytes).putInt(bytes.length - 4, (int) crc.getValue());
    }
    refuses(disk, "identity of version 2");
  }

  /** A start that was cut off said nothing, so its number may come again; never a lower one. */
  @Test
  void aPowerCutAtAnyStepLeavesADirectoryThatGoesOn() throws IOException {
    Identity first = begin(disk);
    int cuts = 0;
    boolean isCut = true;
    while (isCut) {
      MemoryDisk copy = disk.afterPowerCut();
      copy.cutAfter(cuts++);
      isCut = isCutOff(copy);
      Identity next = begin(copy.afterPowerCut());
      assertThat(next.memberId()).as("cut %d", cuts).isEqualTo(first.memberId());
      assertThat(next.incarnation()).isGreaterThan(isCut ? 1 : 2);
    }
    assertThat(cuts).as("two steps for each copy, and the try that got through").isEqualTo(5);
  }

  /** The write itself may be torn: then that copy is gone, and the other has to be there. */
  @Test
  void aTornWriteAtAnyStepOfManyStartsLeavesTheOtherCopy() throws IOException {
    Identity first = begin(disk);
    MemoryDisk torn = disk.afterPowerCut();
    for (int start = 0; start < 40; start++) {
      torn.cutAfter(1 + 2 * (start % 2));
      assertThat(isCutOff(torn)).isTrue();
      torn = torn.afterTornWrite();
      if (start % 4 > 1) {
        begin(torn);
      }
    }
    assertThat(begin(torn).memberId()).isEqualTo(first.memberId());
  }

  @Test
  void aStartNeedsNoSpace() throws IOException {
    begin(disk);
    MemoryDisk full = disk.afterPowerCut();
    full.fill();
    assertThat(begin(full).incarnation()).isEqualTo(2);
    assertThat(begin(full).incarnation()).isEqualTo(3);
  }

  @Test
  void aPowerCutInTheVeryFirstStartLeavesAnEmptyDirectoryOrAMember() throws IOException {
    for (int steps = 0; steps < 10; steps++) {
      MemoryDisk fresh = new MemoryDisk();
      fresh.cutAfter(steps);
      assertThat(isCutOff(fresh)).isTrue();
      assertThat(begin(fresh.afterPowerCut()).incarnation()).isBetween(1L, 2L);
    }
  }

  private boolean isCutOff(MemoryDisk copy) {
    try {
      begin(copy);
      return false;
    } catch (IOException cut) {
      return true;
    }
  }

  private Identity begin(MemoryDisk directory) throws IOException {
    return new IdentityFile(directory, 1, 3).begin(CLUSTER, dice);
  }

  private void refuses(MemoryDisk directory, String... parts) {
    assertThatThrownBy(() -> begin(directory))
        .isInstanceOf(IdentityException.class)
        .message()
        .contains(parts)
        .doesNotContain("\n");
  }

  private static void flip(MemoryDisk directory, String file, int at, int bit) {
    byte[] bytes = directory.files.get(file).clone();
    bytes[at] ^= (byte) (1 << bit);
    directory.put(file, bytes);
  }
}
