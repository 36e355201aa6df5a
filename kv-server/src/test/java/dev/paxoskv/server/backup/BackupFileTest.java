package dev.paxoskv.server.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paxoskv.proto.kv.BackupPiece;
import dev.paxoskv.server.machine.KvStateMachine;
import dev.paxoskv.server.snapshot.SnapshotStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backup is whole, or it is refused in one line. */
class BackupFileTest {
  @TempDir
  private Path directory;

  /** All of the beginning and the end, and every 17th byte of what is between. */
  private static int next(int at, int length) {
    return at < 70 || at > length - 26 ? at + 1 : at + 17;
  }

  private void refuses(byte[] bytes, String... words) throws IOException {
    Path file = Files.write(directory.resolve("other"), bytes);
    assertThatThrownBy(() -> BackupFile.open(file))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll(words)
        .hasMessageNotContaining("\n");
  }

  @Test
  void saysOfWhichClusterAndInstanceItIs() throws IOException {
    KvStateMachine original = MadeBackup.busy();
    try (BackupFile backup = BackupFile.open(MadeBackup.in(directory))) {
      assertThat(backup.head().cluster()).isEqualTo(MadeBackup.CLUSTER);
      assertThat(backup.head().applied()).isEqualTo(MadeBackup.INSTANCES - 1);
      assertThat(backup.head().hash()).isEqualTo(original.hash());
      assertThat(backup.describe()).contains(String.format("%016x", original.hash()));
    }
  }

  @Test
  void anyFlippedBitIsFound() throws IOException {
    byte[] whole = Files.readAllBytes(MadeBackup.in(directory));
    for (int at = 0; at < whole.length; at = next(at, whole.length)) {
      byte[] rotten = whole.clone();
      rotten[at] ^= (byte) (1 << at % 8);
      refuses(rotten, "other");
    }
  }

  @Test
  void anyOtherLengthIsFound() throws IOException {
    byte[] whole = Files.readAllBytes(MadeBackup.in(directory));
    for (int length = 0; length < whole.length; length = next(length, whole.length)) {
      refuses(Arrays.copyOf(whole, length), "other");
    }
    refuses(Arrays.copyOf(whole, whole.length + 1), "cut off or damaged");
    refuses(new byte[BackupHead.BYTES], "no backup");
  }

  @Test
  void aNewerVersionIsNotCalledDamaged() throws IOException {
    byte[] whole = Files.readAllBytes(MadeBackup.in(directory));
    ByteBuffer bytes = ByteBuffer.wrap(whole).putInt(Long.BYTES, BackupHead.VERSION + 1);
    CRC32C crc = new CRC32C();
    crc.update(whole, 0, whole.length - Integer.BYTES);
    bytes.putInt(whole.length - Integer.BYTES, (int) crc.getValue());
    refuses(whole, "version " + (BackupHead.VERSION + 1), "use the newer program");
  }

  @Test
  void whatIsNoFileIsRefused() {
    assertThatThrownBy(() -> BackupFile.open(directory)).hasMessageContaining("no file");
    assertThatThrownBy(() -> BackupFile.open(directory.resolve("nothing")))
        .hasMessageContaining("no file");
  }

  @Test
  void aSnapshotThatIsDeletedMeanwhileIsReadToItsEnd() throws IOException {
    MadeBackup.save(directory, MadeBackup.busy(), UnaryOperator.identity());
    byte[] whole;
    try (BackupSource source = MadeBackup.source(directory, MadeBackup.INSTANCES - 1)) {
      whole = MadeBackup.bytes(source);
      Files.delete(directory.resolve(SnapshotStore.name(MadeBackup.INSTANCES - 1)));
      assertThat(MadeBackup.bytes(source)).isEqualTo(whole);
      // Wherever a piece begins, it is the same file.
      for (int at = 1; at < whole.length; at = next(at, whole.length)) {
        BackupPiece piece = source.read(at);
        assertThat(piece.getBytes().toByteArray())
            .isEqualTo(Arrays.copyOfRange(whole, at, whole.length));
      }
    }
    assertThatThrownBy(() -> MadeBackup.source(directory, MadeBackup.INSTANCES - 1))
        .isInstanceOf(IOException.class);
  }

  @Test
  void aRottenSnapshotIsNotGiven() throws IOException {
    MadeBackup.save(directory, MadeBackup.busy(), UnaryOperator.identity());
    Path file = directory.resolve(SnapshotStore.name(MadeBackup.INSTANCES - 1));
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    assertThatThrownBy(() -> MadeBackup.source(directory, MadeBackup.INSTANCES - 1))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("damaged");
  }
}
