package dev.paxoskv.paxos.net.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.paxos.net.wire.Preamble.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

/** Eight bytes that never change, and nothing else is taken for them. */
class PreambleTest {
  private static final byte[] PEER = {'P', 'X', 'K', 'V', 2, 1, 0, 0};
  private static final byte[] CLIENT = {'P', 'X', 'K', 'V', 2, 2, 0, 0};

  @Test
  void opensAConnection() {
    assertThat(opening(Kind.PEER)).isEqualTo(PEER);
    assertThat(opening(Kind.CLIENT)).isEqualTo(CLIENT);
  }

  @Test
  void saysWhoOpensTheConnection() {
    assertThat(Preamble.read(Unpooled.wrappedBuffer(PEER))).contains(Kind.PEER);
    assertThat(Preamble.read(Unpooled.wrappedBuffer(CLIENT))).contains(Kind.CLIENT);
  }

  @Test
  void withAnyWrongByteItIsNone() {
    int good = 0;
    for (int at = 0; at < Preamble.BYTES; at++) {
      for (int value = 0; value < 256; value++) {
        byte[] bytes = PEER.clone();
        bytes[at] = (byte) value;
        good += Preamble.read(Unpooled.wrappedBuffer(bytes)).isPresent() ? 1 : 0;
      }
    }
    assertThat(good).as("eight times the right byte, once that of a client").isEqualTo(9);
  }

  @Test
  void saysWhichVersionAnotherReleaseSpeaks() {
    byte[] older = PEER.clone();
    older[4] = 1;
    ByteBuf in = Unpooled.wrappedBuffer(older);
    assertThat(Preamble.fault(in))
        .isEqualTo("it speaks version 1 of this protocol, and this program version 2; let all"
            + " servers and clients be of one release");
    assertThat(in.readableBytes()).isEqualTo(Preamble.BYTES);
    byte[] browser = {'G', 'E', 'T', ' ', '/', ' ', 'H', 'T'};
    assertThat(Preamble.fault(Unpooled.wrappedBuffer(browser)))
        .isEqualTo("it does not speak this protocol");
  }

  private static byte[] opening(Kind kind) {
    EmbeddedChannel channel = new EmbeddedChannel(Preamble.opener(kind));
    channel.flush();
    ByteBuf out = channel.readOutbound();
    byte[] bytes = ByteBufUtil.getBytes(out);
    out.release();
    channel.finishAndReleaseAll();
    return bytes;
  }
}
