package dev.paxoskv.paxos.net.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.paxoskv.proto.peer.Forward;
import dev.paxoskv.proto.peer.PeerFrame;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FramesTest {
  private static final int BYTES_MAX = 4 << 20;

  private static EmbeddedChannel channel() {
    EmbeddedChannel channel = new EmbeddedChannel();
    Frames.install(channel.pipeline(), PeerFrame.getDefaultInstance(), BYTES_MAX);
    return channel;
  }

  private static PeerFrame frame(int bytes) {
    ByteString value = ByteString.copyFrom(new byte[bytes]);
    return PeerFrame.newBuilder()
        .setDone(bytes)
        .setForward(Forward.newBuilder().setValue(value))
        .build();
  }

  /** Around the borders of a length's bytes, and of the array that frames are read through. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 115, 120, 127, 16_370, 16_384, (1 << 20) - 20, 1 << 20, 3 << 20})
  void goOutAsProtobufWritesThemAndComeInAgain(int bytes) throws IOException {
    PeerFrame frame = frame(bytes);
    EmbeddedChannel channel = channel();
    channel.writeOutbound(frame);
    ByteBuf written = channel.readOutbound();
    byte[] wire = new byte[written.readableBytes()];
    written.getBytes(0, wire);

    assertThat(PeerFrame.parseDelimitedFrom(new ByteArrayInputStream(wire))).isEqualTo(frame);
    // The second must not show through the first, though both are read through one array.
    channel.writeInbound(written);
    PeerFrame first = channel.readInbound();
    channel.writeOutbound(frame(5));
    channel.writeInbound((ByteBuf) channel.readOutbound());
    assertThat(first).isEqualTo(frame);
    assertThat((PeerFrame) channel.readInbound()).isEqualTo(frame(5));
  }

  @Test
  void areRefusedIfProtobufCannotReadThem() {
    EmbeddedChannel channel = channel();
    ByteBuf wrong = channel.alloc().buffer().writeByte(2).writeByte(0x0a).writeByte(9);
    assertThatThrownBy(() -> channel.writeInbound(wrong)).isInstanceOf(DecoderException.class);
  }
}
