package dev.paxoskv.paxos.net.wire;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.MessageToMessageDecoder;
import io.netty.util.concurrent.FastThreadLocal;
import java.io.IOException;
import java.util.List;

/**
 * Reads the message in a frame. Unlike Netty's own it does not make an array for each frame:
 * protobuf reads from arrays only, and copies what it keeps.
 */
final class FrameParser extends MessageToMessageDecoder<ByteBuf> {
  /** Longer frames are rare, and get an array of their own. */
  private static final int SCRATCH_BYTES = 1 << 20;

  /** One an event loop, not one a connection, of which there may be thousands. */
  private static final FastThreadLocal<byte[]> SCRATCH = new FastThreadLocal<>() {
    @Override
    protected byte[] initialValue() {
      return new byte[SCRATCH_BYTES];
    }
  };

  private final Parser<? extends MessageLite> parser;

  FrameParser(MessageLite incoming) {
    super(ByteBuf.class);
    this.parser = incoming.getParserForType();
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf frame, List<Object> out)
      throws IOException {
    int length = frame.readableBytes();
    byte[] bytes = length <= SCRATCH_BYTES ? SCRATCH.get() : new byte[length];
    frame.readBytes(bytes, 0, length);
    out.add(parser.parseFrom(bytes, 0, length));
  }
}
