package dev.paxoskv.paxos.net.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.Optional;

/**
 * The eight raw bytes that open every connection: {@code PXKV}, version, kind, two zeros. They are
 * read before any length is believed, so that a stray browser or a port scanner is turned away at
 * once.
 */
public final class Preamble {
  public static final int BYTES = 8;

  private static final int MAGIC = 0x50584b56;
  /** Others mean something else by the same batch, so they must not take part. */
  private static final int VERSION = 2;

  private Preamble() {}

  /** Who opens the connection. */
  public enum Kind {
    PEER(1),
    CLIENT(2);

    private final int code;

    Kind(int code) {
      this.code = code;
    }
  }

  /**
   * Opens a dialled connection as {@code kind}; to stand first in the pipeline, before any codec.
   */
  public static ChannelHandler opener(Kind kind) {
    return new ChannelInboundHandlerAdapter() {
      @Override
      public void channelActive(ChannelHandlerContext ctx) {
        ctx.write(of(kind));
        ctx.fireChannelActive();
        ctx.pipeline().remove(this);
      }
    };
  }

  /** The bytes. */
  public static ByteBuf of(Kind kind) {
    return Unpooled.buffer(BYTES)
        .writeInt(MAGIC)
        .writeByte(VERSION)
        .writeByte(kind.code)
        .writeShort(0);
  }

  /** Why these {@value #BYTES} bytes, which stay unread, are no preamble of this version. */
  public static String fault(ByteBuf in) {
    int at = in.readerIndex();
    int version = in.getUnsignedByte(at + Integer.BYTES);
    return in.getInt(at) == MAGIC && version != VERSION
        ? "it speaks version " + version + " of this protocol, and this program version " + VERSION
            + "; let all servers and clients be of one release"
        : "it does not speak this protocol";
  }

  /** Reads {@value #BYTES} bytes; empty if they are not a preamble of this version. */
  public static Optional<Kind> read(ByteBuf in) {
    boolean isOurs = in.readInt() == MAGIC;
    int version = in.readByte();
    int code = in.readByte();
    boolean isPadded = in.readShort() == 0;
    if (!isOurs || version != VERSION || !isPadded) {
      return Optional.empty();
    }
    for (Kind kind : Kind.values()) {
      if (kind.code == code) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }
}
