package dev.paxoskv.paxos.net.wire;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.MessageToByteEncoder;
import java.io.IOException;

/**
 * Writes a message as a frame straight into the buffer that goes to the socket. Bytes that are a
 * frame already pass as they are.
 */
final class FrameWriter extends MessageToByteEncoder<MessageLite> {

  FrameWriter() {
    super(MessageLite.class);
  }

  @Override
  protected ByteBuf allocateBuffer(
      ChannelHandlerContext ctx, MessageLite message, boolean preferDirect) {
    return ctx.alloc().ioBuffer(Frames.LENGTH_BYTES_MAX + message.getSerializedSize());
  }

  @Override
  protected void encode(ChannelHandlerContext ctx, MessageLite message, ByteBuf out)
      throws IOException {
    int size = message.getSerializedSize();
    Frames.putLength(size, out);
    CodedOutputStream to = CodedOutputStream.newInstance(out.nioBuffer(out.writerIndex(), size));
    message.writeTo(to);
    to.checkNoSpaceLeft();
    to.flush();
    out.writerIndex(out.writerIndex() + size);
  }
}
