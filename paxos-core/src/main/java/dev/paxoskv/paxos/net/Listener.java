package dev.paxoskv.paxos.net;

import dev.paxoskv.paxos.net.wire.EventLoops;
import dev.paxoskv.paxos.net.wire.Frames;
import dev.paxoskv.paxos.net.wire.Preamble;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one listening port: reads a connection's preamble and hands it to whoever serves that kind.
 */
final class Listener {
  private static final Logger LOG = LoggerFactory.getLogger(Listener.class);
  private static final int PREAMBLE_SECONDS = 5;

  /** Most that have not said what they are. A connection says so right after it was made. */
  static final int STRANGERS_MAX = 512;

  /** A full house is news once in so many connections turned away. */
  private static final int TURNED_AWAY_PER_LINE = 1000;

  private final Map<Preamble.Kind, Consumer<Channel>> doors;
  private final ChannelGroup opened;

  /** Those that have not said what they are, in the order in which they came. */
  private final Set<Channel> strangers = new LinkedHashSet<>();

  private int connections;
  private long turnedAway;
  private long strangersClosed;

  /**
   * Connections of a kind without a door are closed.
   *
   * @param opened gets the listening channel and every connection, for whoever closes them
   */
  Listener(Map<Preamble.Kind, Consumer<Channel>> doors, ChannelGroup opened) {
    this.doors = doors;
    this.opened = opened;
  }

  /** Listens at {@code address}, as the other one does. */
  int open(EventLoop loop, Address address) {
    return open(loop, address, opened, this::accept);
  }

  /**
   * Listens at {@code address} and gives each connection to {@code door}.
   *
   * @return the port
   * @throws UncheckedIOException with a line that names the address, if it cannot be had; its cause
   *     is a {@link BindException}
   */
  static int open(EventLoop loop, Address address, ChannelGroup opened, Consumer<Channel> door) {
    InetSocketAddress target = address.resolve();
    if (target.isUnresolved()) {
      String why = "cannot listen at " + address + ": nobody knows that name";
      throw new UncheckedIOException(why, new BindException(why));
    }
    ServerBootstrap bootstrap = new ServerBootstrap();
    DeadConnections.notice(bootstrap::childOption);
    ChannelFuture opening = bootstrap
        .group(loop, loop)
        .channel(EventLoops.serverSocketChannel())
        .option(ChannelOption.SO_REUSEADDR, true)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childOption(
            ChannelOption.WRITE_BUFFER_WATER_MARK,
            new WriteBufferWaterMark(LinkContext.QUEUE_BYTES_MAX / 2, LinkContext.QUEUE_BYTES_MAX))
        .childHandler(new ChannelInitializer<Channel>() {
          @Override
          protected void initChannel(Channel channel) {
            opened.add(channel);
            door.accept(channel);
          }
        })
        .bind(target)
        .awaitUninterruptibly();
    if (!opening.isSuccess()) {
      // Netty would throw the cause as it is: a checked exception that no caller is told of.
      // What it is depends on the transport, so callers are told of a kind that does not.
      Throwable cause = opening.cause();
      IOException why =
          new BindException("cannot listen at " + address + ": " + cause.getMessage());
      why.initCause(cause);
      throw new UncheckedIOException(why.getMessage(), why);
    }
    opened.add(opening.channel());
    return ((InetSocketAddress) opening.channel().localAddress()).getPort();
  }

  /** A connection was made, on this loop's thread. */
  void accept(Channel channel) {
    connections++;
    strangers.add(channel);
    channel.closeFuture().addListener(closed -> {
      connections--;
      strangers.remove(channel);
    });
    channel.pipeline().addLast(new PreambleReader(channel));
    if (strangers.size() > STRANGERS_MAX) {
      closeOldestStranger();
    }
  }

  /** A process can have so many files open only, and those of the log are among them. */
  private void closeOldestStranger() {
    Channel oldest = strangers.iterator().next();
    strangers.remove(oldest);
    if (strangersClosed % TURNED_AWAY_PER_LINE == 0) {
      LOG.warn(
          "closed {}: {} more have come since that have not said what they are",
          oldest.remoteAddress(),
          STRANGERS_MAX);
    }
    strangersClosed++;
    oldest.close();
  }

  /** A peer always finds room, however many clients there are. */
  private boolean isTurnedAway(Preamble.Kind kind, Channel channel) {
    if (kind == Preamble.Kind.PEER || connections <= NettyTransport.CONNECTIONS_MAX) {
      return false;
    }
    if (turnedAway % TURNED_AWAY_PER_LINE == 0) {
      LOG.warn(
          "closed {}: {} connections are open, the most there may be",
          channel.remoteAddress(),
          NettyTransport.CONNECTIONS_MAX);
    }
    turnedAway++;
    return true;
  }

  private final class PreambleReader extends ByteToMessageDecoder {
    private boolean isRead;

    PreambleReader(Channel channel) {
      Future<?> limit =
          channel.eventLoop().schedule(() -> giveUp(channel), PREAMBLE_SECONDS, TimeUnit.SECONDS);
      // Those that come and go by the thousand would stay in memory until then.
      channel.closeFuture().addListener(closed -> limit.cancel(false));
    }

    private void giveUp(Channel channel) {
      if (!isRead && channel.isActive()) {
        LOG.warn("closed {}: no preamble within {} s", channel.remoteAddress(), PREAMBLE_SECONDS);
        channel.close();
      }
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
      if (isRead) {
        in.skipBytes(in.readableBytes());
        return;
      }
      if (in.readableBytes() < Preamble.BYTES) {
        return;
      }
      isRead = true;
      strangers.remove(ctx.channel());
      String fault = Preamble.fault(in);
      Optional<Preamble.Kind> kind = Preamble.read(in);
      Optional<Consumer<Channel>> door = kind.flatMap(k -> Optional.ofNullable(doors.get(k)));
      if (door.isEmpty()) {
        LOG.warn("closed {}: {}", ctx.channel().remoteAddress(), fault);
      }
      if (door.isEmpty() || isTurnedAway(kind.get(), ctx.channel())) {
        in.skipBytes(in.readableBytes());
        ctx.close();
        return;
      }
      door.get().accept(ctx.channel());
      // What came after the preamble is passed on to the new handlers as this one leaves.
      ctx.pipeline().remove(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      LOG.warn("closed {}: {}", ctx.channel().remoteAddress(), Frames.faultOf(cause));
      ctx.close();
    }
  }
}
