package dev.paxoskv.server.door;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedInputStream;
import dev.paxoskv.proto.kv.Applied;
import dev.paxoskv.proto.kv.Limit;
import dev.paxoskv.proto.kv.Reply;
import dev.paxoskv.proto.kv.ServerFrame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class AppliedRepliesTest {
  private final AppliedReplies replies = new AppliedReplies();

  @Test
  void areTheFrameThatProtobufWouldWrite() throws IOException {
    ServerFrame.Builder frame = ServerFrame.newBuilder();
    for (int bits = 0; bits < Long.SIZE; bits++) {
      long number = -1L >>> bits;
      int bytes = replies.add(number);
      Reply reply = Reply.newBuilder()
          .setNumber(number)
          .setApplied(Applied.getDefaultInstance())
          .build();
      frame.addReplies(reply);

      assertThat(bytes).isEqualTo(2 + reply.getSerializedSize());
      assertThat(bytes).isLessThanOrEqualTo(AppliedReplies.REPLY_BYTES_MAX);
    }

    assertThat(replies.size()).isEqualTo(frame.build().getSerializedSize());
    assertThat(taken()).isEqualTo(frame.build().toByteArray());
    assertThat(replies.isEmpty()).isTrue();
    replies.add(1);
    assertThat(taken(8, 9)).isEqualTo(new byte[] {0x0a, 4, 8, 1, 0x12, 0, 8, 9});
  }

  @Test
  void neverAreMoreThanAFrameHolds() {
    while (!replies.isFull()) {
      replies.add(Long.MAX_VALUE);
    }

    assertThat(replies.size())
        .isBetween(Limit.FRAME_BYTES_MAX_VALUE / 8 - 20, Limit.FRAME_BYTES_MAX_VALUE / 8);
    replies.clear();
    assertThat(replies.isEmpty()).isTrue();
  }

  private byte[] taken(int... others) throws IOException {
    byte[] other = new byte[others.length];
    for (int i = 0; i < others.length; i++) {
      other[i] = (byte) others[i];
    }
    ByteBuf buffer = replies.take(UnpooledByteBufAllocator.DEFAULT, other);
    byte[] bytes = new byte[buffer.readableBytes()];
    buffer.readBytes(bytes).release();
    CodedInputStream in = CodedInputStream.newInstance(bytes);
    int length = in.readRawVarint32();
    byte[] frame = in.readRawBytes(length);
    assertThat(in.isAtEnd()).isTrue();
    return frame;
  }
}
