package dev.paxoskv.paxos.net.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.paxoskv.proto.peer.PeerFrame;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of frames that cannot be read. */
class FrameFaultTest {
  private static final int BYTES_MAX = 1000;

  @ParameterizedTest
  @CsvSource({
    "020000, a frame holds no message of this protocol",
    "010a, a frame holds no message of this protocol",
    "ffff7f, a frame is too long (Frame length exceeds 1000: 2097151)",
    "ffffffffff, a frame has no length (malformed varint.)"
  })
  void oneLineSaysWhatWasWrongAndNoClass(String hex, String what) {
    String said = Frames.faultOf(faultOf(HexFormat.of().parseHex(hex)));
    assertThat(said).startsWith(what + "; see that").doesNotContain("Exception", "protobuf");
  }

  @Test
  void otherFaultsSpeakForThemselves() {
    assertThat(Frames.faultOf(new IOException("Connection reset by peer")))
        .isEqualTo("Connection reset by peer");
    assertThat(Frames.faultOf(new MalformedFrameException("it sent no hello")))
        .isEqualTo("it sent no hello");
  }

  /** What the pipeline throws at these bytes. */
  private static Throwable faultOf(byte[] bytes) {
    EmbeddedChannel channel = new EmbeddedChannel();
    Frames.install(channel.pipeline(), PeerFrame.getDefaultInstance(), BYTES_MAX);
    return catchThrowable(() -> channel.writeInbound(Unpooled.wrappedBuffer(bytes)));
  }
}
