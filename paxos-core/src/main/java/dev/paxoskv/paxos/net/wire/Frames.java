package dev.paxoskv.paxos.net.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.protobuf.ProtobufVarint32FrameDecoder;
import java.util.Optional;

/** Frames on a connection: a varint length, never above a maximum, and one protobuf message. */
public final class Frames {
  /** Longest frame between peers that know each other, in bytes. */
  public static final int PEER_FRAME_BYTES_MAX = 16 << 20;

  /** Longest frame from someone who has not said hello yet, in bytes. */
  public static final int HELLO_FRAME_BYTES_MAX = 64 << 10;

  /** Longest length in front of a frame. */
  public static final int LENGTH_BYTES_MAX = 5;

  private static final String DECODER = "frame-decoder";

  private static final String ADVICE =
      "; see that both sides are of one release, and that nothing changes bytes between them";

  private Frames() {}

  /**
   * Adds the codec to the end of the pipeline.
   *
   * @param incoming type of the messages that come in
   * @param bytesMax a longer incoming frame is an error, noticed before its bytes are gathered
   */
  public static void install(ChannelPipeline pipeline, MessageLite incoming, int bytesMax) {
    pipeline.addLast(DECODER, new ProtobufVarint32FrameDecoder(bytesMax));
    pipeline.addLast(new FrameParser(incoming));
    pipeline.addLast(new FrameWriter());
  }

  /** Writes the length that goes before a frame of {@code bytes}, 0 or more. */
  public static void putLength(int bytes, ByteBuf to) {
    int left = bytes;
    while (left > 0x7f) {
      to.writeByte((left & 0x7f) | 0x80);
      left >>>= 7;
    }
    to.writeByte(left);
  }

  /** Changes the longest frame that may come in. */
  public static void limit(ChannelPipeline pipeline, int bytesMax) {
    pipeline.replace(DECODER, DECODER, new ProtobufVarint32FrameDecoder(bytesMax));
  }

  /** One line for people about why a connection failed, without the names of classes. */
  public static String faultOf(Throwable cause) {
    // What Netty wraps round the fault of a decoder names the fault's class first.
    Throwable why = cause instanceof DecoderException
        ? Optional.ofNullable(cause.getCause()).orElse(cause)
        : cause;
    if (why instanceof TooLongFrameException) {
      return "a frame is too long (" + why.getMessage() + ")" + ADVICE;
    } else if (why instanceof CorruptedFrameException) {
      return "a frame has no length (" + why.getMessage() + ")" + ADVICE;
    } else if (why instanceof InvalidProtocolBufferException) {
      return "a frame holds no message of this protocol" + ADVICE;
    }
    return String.valueOf(why.getMessage());
  }
}
