package dev.paxoskv.client;

import com.google.protobuf.ByteString;
import dev.paxoskv.paxos.net.wire.EventLoops;
import dev.paxoskv.paxos.net.wire.Frames;
import dev.paxoskv.paxos.net.wire.Preamble;
import dev.paxoskv.proto.kv.Applied;
import dev.paxoskv.proto.kv.ClientFrame;
import dev.paxoskv.proto.kv.Command;
import dev.paxoskv.proto.kv.Counted;
import dev.paxoskv.proto.kv.Entry;
import dev.paxoskv.proto.kv.Found;
import dev.paxoskv.proto.kv.Limit;
import dev.paxoskv.proto.kv.NotFound;
import dev.paxoskv.proto.kv.Page;
import dev.paxoskv.proto.kv.Refused;
import dev.paxoskv.proto.kv.Reply;
import dev.paxoskv.proto.kv.RetryLater;
import dev.paxoskv.proto.kv.ServerFrame;
import dev.paxoskv.proto.kv.SessionExpired;
import dev.paxoskv.proto.kv.SessionOpened;
import dev.paxoskv.proto.kv.Unmet;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * A server that does as its script says and remembers what it was sent; but for sessions, which it
 * opens as they are asked for.
 */
public final class FakeServer implements AutoCloseable {
  /** What the server does; by default it takes everything in and says nothing. */
  public interface Script {
    default void opened(Talk talk) {}

    default void command(Talk talk, Command command) {}

    default void status(Talk talk) {}
  }

  private final AtomicLong sessions = new AtomicLong();
  private final List<ClientFrame> frames = new CopyOnWriteArrayList<>();
  private final List<Optional<Preamble.Kind>> preambles = new CopyOnWriteArrayList<>();
  private final EventLoopGroup threads = EventLoops.single("fake-server");
  private final Script script;
  private final Channel door;
  private final int port;

  private FakeServer(Script script, int port) {
    this.script = script;
    this.door = new ServerBootstrap()
        .group(threads)
        .channel(EventLoops.serverSocketChannel())
        .option(ChannelOption.SO_REUSEADDR, true)
        .childHandler(new ChannelInitializer<Channel>() {
          @Override
          protected void initChannel(Channel channel) {
            channel.pipeline().addLast(new PreambleReader());
          }
        })
        .bind("127.0.0.1", port)
        .syncUninterruptibly()
        .channel();
    this.port = ((InetSocketAddress) door.localAddress()).getPort();
  }

  public static FakeServer start(Script script) {
    return new FakeServer(script, 0);
  }

  /** One with the same script at the same address as another, which was closed. */
  public static FakeServer restarted(FakeServer before) {
    return new FakeServer(before.script, before.port);
  }

  /** Answers each command with what {@code answer} makes of it. */
  public static FakeServer answering(Function<Command, Reply> answer) {
    return start(new Script() {
      @Override
      public void command(Talk talk, Command command) {
        talk.reply(answer.apply(command));
      }
    });
  }

  public static FakeServer silent() {
    return start(new Script() {});
  }

  /** An address where nothing listens. */
  public static String nowhere() {
    try (FakeServer gone = silent()) {
      return gone.address();
    }
  }

  public String address() {
    return "127.0.0.1:" + port;
  }

  public List<ClientFrame> frames() {
    return frames;
  }

  public List<Command> commands() {
    return frames.stream().flatMap(f -> f.getCommandsList().stream()).toList();
  }

  public List<Long> numbers() {
    return commands().stream().map(Command::getNumber).toList();
  }

  /** One for each connection that got so far. */
  public List<Optional<Preamble.Kind>> preambles() {
    return preambles;
  }

  @Override
  public void close() {
    door.close().syncUninterruptibly();
    threads.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  public static Reply applied(Command command) {
    return reply(command).setApplied(Applied.getDefaultInstance()).build();
  }

  public static Reply found(Command command, String value) {
    Found found = Found.newBuilder().setValue(ByteString.copyFromUtf8(value)).build();
    return reply(command).setFound(found).build();
  }

  public static Reply notFound(Command command) {
    return reply(command).setNotFound(NotFound.getDefaultInstance()).build();
  }

  public static Reply unmet(Command command) {
    return reply(command).setUnmet(Unmet.getDefaultInstance()).build();
  }

  public static Reply counted(Command command, long count) {
    return reply(command).setCounted(Counted.newBuilder().setCount(count)).build();
  }

  /** A page of keys, each with its own name as its value. */
  public static Reply page(Command command, boolean isMore, String... keys) {
    Page.Builder page = Page.newBuilder().setIsMore(isMore);
    for (String key : keys) {
      ByteString bytes = ByteString.copyFrom(key, StandardCharsets.ISO_8859_1);
      page.addEntries(Entry.newBuilder().setKey(bytes).setValue(bytes));
    }
    return reply(command).setPage(page).build();
  }

  public static Reply refused(Command command, String reason) {
    return reply(command).setRefused(Refused.newBuilder().setReason(reason)).build();
  }

  public static Reply retryLater(Command command) {
    return reply(command)
        .setRetryLater(RetryLater.newBuilder().setReason("no leader yet"))
        .build();
  }

  /** The {@code instance}th session was opened. */
  public static Reply opened(long instance) {
    SessionOpened opened =
        SessionOpened.newBuilder().setHigh(instance).setLow(1).build();
    return Reply.newBuilder().setSessionOpened(opened).build();
  }

  public static Reply expired(Command command) {
    return reply(command).setSessionExpired(SessionExpired.getDefaultInstance()).build();
  }

  private static Reply.Builder reply(Command command) {
    return Reply.newBuilder().setNumber(command.getNumber());
  }

  /** The server's side of one connection. */
  public record Talk(ChannelHandlerContext ctx) {
    public void reply(Reply... replies) {
      send(ServerFrame.newBuilder().addAllReplies(List.of(replies)).build());
    }

    public void send(ServerFrame frame) {
      ctx.writeAndFlush(frame);
    }

    /** Writes bytes that are no frame. */
    public void garbage() {
      ByteBuf tooLong = Unpooled.wrappedBuffer(new byte[] {-1, -1, -1, -1, 7, 1, 2, 3});
      ctx.pipeline().firstContext().writeAndFlush(tooLong);
    }

    public void hangUp() {
      ctx.close();
    }
  }

  private final class PreambleReader extends ByteToMessageDecoder {
    private boolean isRead;

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      script.opened(new Talk(ctx));
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
      if (isRead || in.readableBytes() < Preamble.BYTES) {
        return;
      }
      isRead = true;
      preambles.add(Preamble.read(in));
      Frames.install(ctx.pipeline(), ClientFrame.getDefaultInstance(), Limit.FRAME_BYTES_MAX_VALUE);
      ctx.pipeline().addLast(new Handler());
      ctx.pipeline().remove(this);
    }
  }

  private final class Handler extends SimpleChannelInboundHandler<ClientFrame> {
    @Override
    protected void channelRead0(ChannelHandlerContext ctx, ClientFrame frame) {
      Talk talk = new Talk(ctx);
      List<Command> commands = new ArrayList<>(frame.getCommandsList());
      if (commands.removeIf(Command::hasOpenSession)) {
        talk.reply(opened(sessions.incrementAndGet()));
      }
      if (!commands.isEmpty() || frame.getStatus()) {
        frames.add(frame.toBuilder().clearCommands().addAllCommands(commands).build());
      }
      commands.forEach(command -> script.command(talk, command));
      if (frame.getStatus()) {
        script.status(talk);
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }
}
