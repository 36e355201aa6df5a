package dev.paxoskv.server.door;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.DuplexChannel;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Ends a connection so that the last answer gets there. A socket that is closed with unread bytes
 * resets the connection, which may reach the client before the answer, and takes it away. So this
 * says that no more will come, then reads and drops what the client still sends, until it ends its
 * side too, or has sent too much, or the time is up.
 */
public final class Farewell extends ChannelInboundHandlerAdapter {
  /** Most bytes that are read and dropped. */
  static final long BYTES_MAX = 4L << 20;

  /** So long the client may take to end its side. */
  static final long MILLIS_MAX = 1000;

  private long bytes;

  private Farewell() {}

  /** Closes {@code channel} once what was written is out. Once only, on its event loop. */
  public static void to(Channel channel) {
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(out -> {
      if (channel instanceof DuplexChannel open && open.isActive() && !open.isInputShutdown()) {
        open.pipeline().addFirst(new Farewell());
        open.shutdownOutput().addListener(done -> linger(open));
      } else {
        channel.close();
      }
    });
  }

  private static void linger(DuplexChannel channel) {
    Future<?> limit =
        channel.eventLoop().schedule(() -> channel.close(), MILLIS_MAX, TimeUnit.MILLISECONDS);
    channel.closeFuture().addListener(closed -> limit.cancel(false));
    channel.config().setAutoRead(true);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object in) {
    bytes += ((ByteBuf) in).readableBytes();
    ((ByteBuf) in).release();
    if (bytes > BYTES_MAX) {
      ctx.close();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent
        || event instanceof ChannelInputShutdownReadComplete) {
      ctx.close();
    }
  }
}
