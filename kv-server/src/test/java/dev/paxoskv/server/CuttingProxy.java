package dev.paxoskv.server;

import dev.paxoskv.paxos.net.wire.EventLoops;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;

/** Passes bytes on to one server, and cuts the connection once the server has sent so many. */
final class CuttingProxy implements AutoCloseable {
  private final EventLoopGroup group = EventLoops.single("cutting-proxy");
  private final int serverPort;
  private final long bytesPerLife;
  private final AtomicInteger cutsLeft;
  private final Channel listener;

  CuttingProxy(int serverPort, long bytesPerLife, AtomicInteger cutsLeft) {
    this.serverPort = serverPort;
    this.bytesPerLife = bytesPerLife;
    this.cutsLeft = cutsLeft;
    this.listener = new ServerBootstrap()
        .group(group)
        .channel(EventLoops.serverSocketChannel())
        .childOption(ChannelOption.AUTO_READ, false)
        .childHandler(new ChannelInitializer<Channel>() {
          @Override
          protected void initChannel(Channel client) {
            client.pipeline().addLast(new There());
          }
        })
        .bind("127.0.0.1", 0)
        .syncUninterruptibly()
        .channel();
  }

  int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  @Override
  public void close() {
    group.shutdownGracefully().syncUninterruptibly();
  }

  private final class There extends ChannelInboundHandlerAdapter {
    private Channel server;

    @Override
    public void channelActive(ChannelHandlerContext client) {
      new Bootstrap()
          .group(group)
          .channel(EventLoops.socketChannel())
          .handler(new Back(client.channel()))
          .connect("127.0.0.1", serverPort)
          .addListener(done -> {
            if (done.isSuccess()) {
              server = ((ChannelFuture) done).channel();
              client.channel().config().setAutoRead(true);
            } else {
              client.close();
            }
          });
    }

    @Override
    public void channelRead(ChannelHandlerContext client, Object bytes) {
      server.writeAndFlush(bytes);
    }

    @Override
    public void channelInactive(ChannelHandlerContext client) {
      if (server != null) {
        server.close();
      }
    }
  }

  private final class Back extends ChannelInboundHandlerAdapter {
    private final Channel client;
    private long passed;

    Back(Channel client) {
      this.client = client;
    }

    @Override
    public void channelRead(ChannelHandlerContext server, Object bytes) {
      passed += ((ByteBuf) bytes).readableBytes();
      if (passed > bytesPerLife && cutsLeft.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        ((ByteBuf) bytes).release();
        server.close();
      } else {
        client.writeAndFlush(bytes);
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext server) {
      client.close();
    }
  }
}
