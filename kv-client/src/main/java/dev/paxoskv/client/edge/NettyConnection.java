package dev.paxoskv.client.edge;

import dev.paxoskv.paxos.net.Address;
import dev.paxoskv.paxos.net.wire.EventLoops;
import dev.paxoskv.paxos.net.wire.Frames;
import dev.paxoskv.paxos.net.wire.Preamble;
import dev.paxoskv.proto.kv.ClientFrame;
import dev.paxoskv.proto.kv.Limit;
import dev.paxoskv.proto.kv.ServerFrame;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.DecoderException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** A connection over TCP, from the look-up of the server's name on. */
final class NettyConnection implements Connection {
  /**
   * What connections are made of.
   *
   * @param loop where everything happens
   * @param lookUps where names are looked up, as that blocks
   */
  record Means(EventLoop loop, Executor lookUps) {}

  private final Means means;
  private final Address address;
  private final Listener listener;
  private Optional<Channel> channel = Optional.empty();
  private boolean isOpen;
  private boolean isOver;

  private NettyConnection(Means means, Address address, Listener listener) {
    this.means = means;
    this.address = address;
    this.listener = listener;
  }

  static Connection dial(Means means, Address address, long openNanosMax, Listener listener) {
    NettyConnection connection = new NettyConnection(means, address, listener);
    means
        .loop()
        .schedule(() -> connection.giveUpOpening(openNanosMax), openNanosMax, TimeUnit.NANOSECONDS);
    if (address.isLiteral()) {
      // Later all the same: whoever dials is told nothing before it has the connection.
      means.loop().execute(() -> connection.connect(address.resolve()));
      return connection;
    }
    try {
      means.lookUps().execute(connection::lookUp);
    } catch (RejectedExecutionException e) {
      means.loop().execute(() -> connection.lose("cannot be looked up: too many look-ups wait"));
    }
    return connection;
  }

  @Override
  public Address address() {
    return address;
  }

  @Override
  public boolean isOpen() {
    return isOpen && !isOver;
  }

  @Override
  public void send(List<ClientFrame> frames) {
    Channel open = channel.orElseThrow();
    frames.forEach(open::write);
    open.flush();
  }

  @Override
  public void close() {
    isOver = true;
    channel.ifPresent(Channel::close);
  }

  private void lookUp() {
    InetSocketAddress target = address.resolve();
    try {
      means.loop().execute(() -> connect(target));
    } catch (RejectedExecutionException e) {
      // The client was closed meanwhile; nobody waits for this connection.
      return;
    }
  }

  private void connect(InetSocketAddress target) {
    if (isOver) {
      return;
    }
    if (target.isUnresolved()) {
      lose("has a name that nobody knows");
      return;
    }
    ChannelFuture connecting = new Bootstrap()
        .group(means.loop())
        .channel(EventLoops.socketChannel())
        .option(ChannelOption.TCP_NODELAY, true)
        .handler(new ChannelInitializer<Channel>() {
          @Override
          protected void initChannel(Channel made) {
            made.pipeline().addLast(Preamble.opener(Preamble.Kind.CLIENT));
            Frames.install(
                made.pipeline(), ServerFrame.getDefaultInstance(), Limit.FRAME_BYTES_MAX_VALUE);
            made.pipeline().addLast(new Handler());
          }
        })
        .connect(target);
    channel = Optional.of(connecting.channel());
    connecting.addListener(done -> {
      if (!done.isSuccess()) {
        lose(reason(done.cause()));
      }
    });
  }

  private void giveUpOpening(long openNanosMax) {
    if (!isOpen) {
      lose("accepted no connection within " + TimeUnit.NANOSECONDS.toMillis(openNanosMax) + " ms");
    }
  }

  private void lose(String why) {
    if (isOver) {
      return;
    }
    close();
    listener.lost(this, why);
  }

  private static String reason(Throwable cause) {
    String text = Frames.faultOf(cause);
    if (cause instanceof DecoderException) {
      return "sent what is no frame: " + text;
    }
    return text.contains("Connection refused") ? "refused the connection" : "failed: " + text;
  }

  private final class Handler extends SimpleChannelInboundHandler<ServerFrame> {
    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      if (!isOver) {
        isOpen = true;
        listener.opened(NettyConnection.this);
      }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, ServerFrame frame) {
      if (!isOver) {
        listener.received(NettyConnection.this, frame);
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      lose("closed the connection");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      lose(reason(cause));
    }
  }
}
