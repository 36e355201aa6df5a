package dev.paxoskv.server.door;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches a frame that has begun to come in: it must be whole within {@value #SECONDS} s, and all
 * begun frames of all clients together have a limit. Stands before the frame decoder.
 */
public final class BegunFrame extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(BegunFrame.class);
  private static final int SECONDS = 10;
  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(SECONDS);

  private final Budget budget;
  private long bytes;
  private long begunNanos;
  private boolean isWatched;

  public BegunFrame(Budget budget) {
    this.budget = budget;
  }

  /** A frame has come in whole. */
  public void ended() {
    forget();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object in) {
    if (bytes == 0) {
      begunNanos = System.nanoTime();
    }
    long more = ((ByteBuf) in).readableBytes();
    bytes += more;
    budget.addBegun(more);
    ctx.fireChannelRead(in);
    if (bytes > 0 && !isWatched) {
      watch(ctx, LONGEST_NANOS);
    }
    if (bytes > 0 && budget.isBegunTooMuch()) {
      close(ctx, "all unfinished frames together are over " + Budget.BEGUN_BYTES_MAX + " bytes");
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    forget();
    ctx.fireChannelInactive();
  }

  /** One timer a connection, and only while a frame is in parts: most come in whole. */
  private void watch(ChannelHandlerContext ctx, long nanos) {
    isWatched = true;
    ctx.executor().schedule(() -> look(ctx), nanos, TimeUnit.NANOSECONDS);
  }

  private void look(ChannelHandlerContext ctx) {
    isWatched = false;
    long leftNanos = begunNanos + LONGEST_NANOS - System.nanoTime();
    if (bytes > 0 && leftNanos > 0) {
      watch(ctx, leftNanos);
    } else if (bytes > 0) {
      close(ctx, "a frame was not whole within " + SECONDS + " s");
    }
  }

  private void close(ChannelHandlerContext ctx, String why) {
    if (ctx.channel().isActive()) {
      LOG.warn("closed client {}: {}", ctx.channel().remoteAddress(), why);
      ctx.close();
    }
  }

  private void forget() {
    budget.addBegun(-bytes);
    bytes = 0;
  }
}
