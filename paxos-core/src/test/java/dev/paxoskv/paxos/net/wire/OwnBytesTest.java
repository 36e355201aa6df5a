package dev.paxoskv.paxos.net.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class OwnBytesTest {
  private final byte[] array = "0123456789".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

  @Test
  void doesNotCopyWhatStandsAlone() {
    assertThat(OwnBytes.of(UnsafeByteOperations.unsafeWrap(array))).isSameAs(array);
    assertThat(OwnBytes.of(ByteString.EMPTY)).isEmpty();
  }

  @Test
  void copiesWhatIsPartOfSomething() {
    ByteString whole = UnsafeByteOperations.unsafeWrap(array);
    ByteBuffer direct = ByteBuffer.allocateDirect(3).put(array, 0, 3).flip();

    assertThat(OwnBytes.of(whole.substring(2, 5))).asString().isEqualTo("234");
    assertThat(OwnBytes.of(whole.concat(whole.substring(0, 2)))).hasSize(12);
    assertThat(OwnBytes.of(longer(whole))).isEqualTo(longer(whole).toByteArray());
    assertThat(OwnBytes.of(UnsafeByteOperations.unsafeWrap(direct))).asString().isEqualTo("012");
  }

  /** Of so many bytes that it is kept in pieces. */
  private static ByteString longer(ByteString piece) {
    ByteString joined = piece;
    for (int i = 0; i < 6; i++) {
      joined = joined.concat(joined);
    }
    return joined;
  }
}
