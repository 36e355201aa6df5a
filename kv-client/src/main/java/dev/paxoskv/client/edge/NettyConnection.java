package dev.paxoskv.client;

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

/**
 * One connection to one server, from the look-up of its name on. Used on its event loop only. Its
 * end is told once; after {@link #close} nothing is told any more.
 */
final class Connection {
  /**
   * What connections are made of.
   *
   * @param loop where everything happens
   * @param lookUps where names are looked up, as that blocks
   */
  record Edge(EventLoop loop, Executor lookUps) {}

  /** Told on the event loop, never from within {@link #dial}. */
  interface Listener {
    void opened(Connection connection);

    /** A {@code RuntimeException} from here ends the connection. */
    void received(Connection connection, ServerFrame frame);

    /** It could not be opened, or broke; {@code why} follows the server's address in a sentence. */
    void lost(Connection connection, String why);
  }

  private final Edge edge;
  private final Address address;
  private final Listener listener;
  private Optional<Channel> channel = Optional.empty();
  private boolean isOpen;
  private boolean isOver;

  private Connection(Edge edge, Address address, Listener listener) {
    this.edge = edge;
    this.address = address;
    this.listener = listener;
  }

  /** Begins to connect; lost if it is not open after {@code openNanosMax}. */
  static Connection dial(Edge edge, Address address, long openNanosMax, Listener listener) {
    Connection connection = new Connection(edge, address, listener);
    edge.loop()
        .schedule(() -> connection.giveUpOpening(openNanosMax), openNanosMax, TimeUnit.NANOSECONDS);
    try {
      edge.lookUps().execute(connection::lookUp);
    } catch (RejectedExecutionException e) {
      edge.loop().execute(() -> connection.lose("cannot be looked up: too many look-ups hang"));
    }
    return connection;
  }

  Address address() {
    return address;
  }

  boolean isOpen() {
    return isOpen && !isOver;
  }

  /** Writes all and flushes once; only while open. */
  void send(List<ClientFrame> frames) {
    Channel open = channel.orElseThrow();
    frames.forEach(open::write);
    open.flush();
  }

  void close() {
    isOver = true;
    channel.ifPresent(Channel::close);
  }

  private void lookUp() {
    InetSocketAddress target = address.resolve();
    try {
      edge.loop().execute(() -> connect(target));
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
        .group(edge.loop())
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
    String text = String.valueOf(cause.getMessage());
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
        listener.opened(Connection.this);
      }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, ServerFrame frame) {
      if (!isOver) {
        listener.received(Connection.this, frame);
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
