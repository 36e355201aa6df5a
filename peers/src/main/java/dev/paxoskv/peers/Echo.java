package dev.paxoskv.peers;

import dev.paxoskv.client.bench.Target;
import dev.paxoskv.paxos.net.wire.EventLoops;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/** A floor: bytes that go to another event loop and come back, over loopback. One at a time. */
final class Echo implements Peer {
  @Override
  public List<Target> connect(List<String> servers) {
    Channel listening = new ServerBootstrap()
        .group(EventLoops.single("echo-server"))
        .channel(EventLoops.serverSocketChannel())
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childHandler(new Back())
        .bind(InetAddress.getLoopbackAddress(), 0)
        .syncUninterruptibly()
        .channel();
    Sender sender = new Sender();
    sender.channel = new Bootstrap()
        .group(EventLoops.single("echo-client"))
        .channel(EventLoops.socketChannel())
        .option(ChannelOption.TCP_NODELAY, true)
        .handler(sender)
        .connect(listening.localAddress())
        .syncUninterruptibly()
        .channel();
    return List.of(sender);
  }

  @ChannelHandler.Sharable
  private static final class Back extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
      context.writeAndFlush(bytes);
    }
  }

  private static final class Sender extends ChannelInboundHandlerAdapter implements Target {
    private volatile @org.jspecify.annotations.Nullable Channel channel;

    /** Touched on the channel's own thread only, as what is missing. */
    private CompletableFuture<Object> waiting = new CompletableFuture<>();

    private int missing;

    @Override
    public CompletableFuture<?> put(byte[] key, byte[] value) {
      CompletableFuture<Object> result = new CompletableFuture<>();
      Channel to = Objects.requireNonNull(channel);
      to.eventLoop().execute(() -> {
        waiting = result;
        missing = value.length;
        to.writeAndFlush(to.alloc().buffer().writeBytes(value));
      });
      return result;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
      ByteBuf back = (ByteBuf) bytes;
      missing -= back.readableBytes();
      back.release();
      if (missing == 0) {
        waiting.complete("back");
      }
    }

    @Override
    public CompletableFuture<?> get(byte[] key) {
      throw new UnsupportedOperationException("an echo keeps nothing");
    }

    @Override
    public void close() {
      Objects.requireNonNull(channel).close();
    }
  }
}
