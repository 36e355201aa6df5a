package dev.paxoskv.server.door.admin;

import dev.paxoskv.paxos.net.Address;
import dev.paxoskv.paxos.net.wire.EventLoops;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpServerCodec;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * Listens for visitors. Has no password and shows no keys or values; who may reach it is the
 * network's business.
 */
public final class AdminDoor implements AutoCloseable {
  /** Most visitors at a time; the next one takes the place of one that has asked for nothing. */
  static final int VISITORS_MAX = 64;

  private static final int LINE_BYTES_MAX = 1024;
  private static final int HEADER_BYTES_MAX = 8192;
  private static final int CHUNK_BYTES_MAX = 1024;

  private final EventLoop loop;
  private final Pages pages;
  private final ChannelGroup opened;
  private final Visitors visitors = new Visitors(VISITORS_MAX);
  private volatile int port;

  private AdminDoor(EventLoop loop, Pages pages) {
    this.loop = loop;
    this.pages = pages;
    this.opened = new DefaultChannelGroup(loop, true);
  }

  /**
   * Listens at {@code address}; port 0 is one that the system chooses.
   *
   * @throws UncheckedIOException with a line that names the address, if it cannot be had; its cause
   *     is a {@link BindException}
   */
  public static AdminDoor open(Address address, Inside inside) {
    EventLoop loop = EventLoops.single("admin-" + inside.node().host().me()).next();
    AdminDoor door = new AdminDoor(loop, new Pages(inside, loop));
    try {
      door.listen(address);
    } catch (RuntimeException | Error e) {
      door.close();
      throw e;
    }
    return door;
  }

  private void listen(Address address) {
    ChannelFuture opening = new ServerBootstrap()
        .group(loop, loop)
        .channel(EventLoops.serverSocketChannel())
        .option(ChannelOption.SO_REUSEADDR, true)
        .childHandler(new ChannelInitializer<Channel>() {
          @Override
          protected void initChannel(Channel channel) {
            accept(channel);
          }
        })
        .bind(address.resolve())
        .awaitUninterruptibly();
    if (!opening.isSuccess()) {
      BindException why = new BindException(
          "cannot listen at " + address + ": " + opening.cause().getMessage());
      why.initCause(opening.cause());
      throw new UncheckedIOException(why.getMessage(), why);
    }
    opened.add(opening.channel());
    port = ((InetSocketAddress) opening.channel().localAddress()).getPort();
  }

  private void accept(Channel channel) {
    if (!visitors.enter(channel)) {
      channel.close();
      return;
    }
    opened.add(channel);
    // Who has asked may say that this was all, and wait for the answer.
    channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    channel
        .pipeline()
        .addLast(new HttpServerCodec(LINE_BYTES_MAX, HEADER_BYTES_MAX, CHUNK_BYTES_MAX))
        .addLast(new AdminHandler(pages, visitors));
  }

  /** The port listened at. */
  public int port() {
    return port;
  }

  /** Lets nobody in any more, and whoever is in out. */
  @Override
  public void close() {
    // The end of an event loop alone does not see to it, if tasks are left at its end.
    opened.close().syncUninterruptibly();
    loop.parent().shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    pages.close();
  }
}
