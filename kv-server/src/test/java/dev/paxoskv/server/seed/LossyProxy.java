package dev.paxoskv.server.seed;

import dev.paxoskv.paxos.net.wire.EventLoops;
import dev.paxoskv.paxos.net.wire.Preamble;
import dev.paxoskv.sim.tcp.FaultPlan.Loss;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/**
 * Stands between clients and one server and loses what the course's suite loses: while unreliable,
 * of 1000 requests 100 are cut off before the server sees them, and of the others 200 are carried
 * out but their answer is cut off. A cut closes the client's connection, so the client knows at
 * once; unless loss is silent: then the connection stays open, and nothing comes.
 */
final class LossyProxy implements AutoCloseable {
  private static final int REQUESTS_LOST_OF_1000 = 100;
  private static final int ANSWERS_LOST_OF_1000 = 200;

  private final EventLoopGroup group = EventLoops.single("lossy-proxy");
  private final int serverPort;
  private final Loss loss;
  private final BooleanSupplier isUnreliable;
  private final SplittableRandom dice;
  private final Channel listener;

  LossyProxy(int serverPort, Loss loss, BooleanSupplier isUnreliable, long seed) {
    this.serverPort = serverPort;
    this.loss = loss;
    this.isUnreliable = isUnreliable;
    this.dice = new SplittableRandom(seed);
    this.listener = new ServerBootstrap()
        .group(group)
        .channel(EventLoops.serverSocketChannel())
        .childHandler(new ChannelInitializer<Channel>() {
          @Override
          protected void initChannel(Channel client) {
            client.config().setAutoRead(false);
            client.pipeline().addLast(new Requests(), new Forward());
          }
        })
        .bind("127.0.0.1", 0)
        .syncUninterruptibly()
        .channel();
  }

  String address() {
    return "127.0.0.1:" + ((InetSocketAddress) listener.localAddress()).getPort();
  }

  @Override
  public void close() {
    group.shutdownGracefully().syncUninterruptibly();
  }

  /** Cuts the client's bytes into the preamble and frames; each goes on as one buffer. */
  private static final class Requests extends ByteToMessageDecoder {
    private boolean isPreambleRead;

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
      int length = isPreambleRead ? frameLength(in) : Preamble.BYTES;
      if (length > 0 && in.readableBytes() >= length) {
        isPreambleRead = true;
        out.add(in.readRetainedSlice(length));
      }
    }

    /** Bytes of the next frame with its length; 0 if the length itself is not all there. */
    private static int frameLength(ByteBuf in) {
      int value = 0;
      for (int i = 0; i < 5 && in.readableBytes() > i; i++) {
        byte next = in.getByte(in.readerIndex() + i);
        value |= (next & 0x7f) << (7 * i);
        if (next >= 0) {
          return i + 1 + value;
        }
      }
      return 0;
    }
  }

  /** Sends what came on to the server, or loses it. */
  private final class Forward extends ChannelInboundHandlerAdapter {
    private Channel server;
    private boolean isFirst = true;

    @Override
    public void channelActive(ChannelHandlerContext client) {
      Bootstrap bootstrap = new Bootstrap()
          .group(group)
          .channel(EventLoops.socketChannel())
          .handler(new Back(client.channel()));
      bootstrap.connect("127.0.0.1", serverPort).addListener(done -> {
        if (done.isSuccess()) {
          server = ((ChannelFuture) done).channel();
          client.channel().config().setAutoRead(true);
        } else {
          client.close();
        }
      });
    }

    @Override
    public void channelRead(ChannelHandlerContext client, Object frame) {
      boolean mayLose = isUnreliable.getAsBoolean() && !isFirst;
      isFirst = false;
      if (mayLose && dice.nextInt(1000) < REQUESTS_LOST_OF_1000) {
        ((ByteBuf) frame).release();
        if (loss == Loss.FAIL_FAST) {
          client.close();
          server.close();
        }
      } else if (mayLose && dice.nextInt(1000) < ANSWERS_LOST_OF_1000) {
        server.writeAndFlush(frame);
        // The server's side stays open until it answers, or it would drop the command.
        server.pipeline().get(Back.class).isMuted = true;
        if (loss == Loss.FAIL_FAST) {
          client.close();
        }
      } else {
        server.writeAndFlush(frame);
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext client) {
      // A client that noticed nothing leaves long after the server has carried out what it sent.
      boolean isOver =
          server != null && (loss == Loss.SILENT || !server.pipeline().get(Back.class).isMuted);
      if (isOver) {
        server.close();
      }
    }
  }

  /** Sends the server's answers back, unless they are to be lost. */
  private final class Back extends ChannelInboundHandlerAdapter {
    private final Channel client;
    private boolean isMuted;

    Back(Channel client) {
      this.client = client;
    }

    @Override
    public void channelRead(ChannelHandlerContext server, Object bytes) {
      if (isMuted) {
        ((ByteBuf) bytes).release();
        if (loss == Loss.FAIL_FAST) {
          server.close();
        }
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
