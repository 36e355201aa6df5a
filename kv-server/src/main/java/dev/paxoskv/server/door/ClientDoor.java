package dev.paxoskv.server.door;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import dev.paxoskv.paxos.net.wire.Frames;
import dev.paxoskv.proto.kv.Backup;
import dev.paxoskv.proto.kv.Command;
import dev.paxoskv.proto.kv.Explain;
import dev.paxoskv.proto.kv.Explanation;
import dev.paxoskv.proto.kv.Limit;
import dev.paxoskv.proto.kv.RawClientFrame;
import dev.paxoskv.proto.kv.ServerFrame;
import dev.paxoskv.proto.kv.ServerStatus;
import dev.paxoskv.server.backup.Backups;
import dev.paxoskv.server.service.KvService;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes clients in: every connection that opens with a client's preamble ends up here. Event loop
 * only.
 */
public final class ClientDoor {
  private static final Logger LOG = LoggerFactory.getLogger(ClientDoor.class);

  /** A command nests two deep; protobuf's own limit, which apply has, is 100. */
  private static final int COMMAND_DEPTH_MAX = 10;

  private final KvService service;
  private final Supplier<ServerStatus> status;
  private final Function<Explain, Explanation> explainer;
  private final BiConsumer<Backup, Backups.Asker> backups;
  private final Runnable stepSoon;
  private final Budget budget = new Budget();
  private final PlainWrite plain = new PlainWrite();
  private final Set<ClientConnection> answered = new LinkedHashSet<>();
  private int connections;

  /**
   * Makes the door of one server.
   *
   * @param service where commands go
   * @param status answers a client that asks how the server is
   * @param explainer answers one that asks what it knows of an instance
   * @param backups answers one that asks for a piece of a backup
   * @param stepSoon asks for a step, after which replies leave
   */
  public ClientDoor(
      KvService service,
      Supplier<ServerStatus> status,
      Function<Explain, Explanation> explainer,
      BiConsumer<Backup, Backups.Asker> backups,
      Runnable stepSoon) {
    this.service = service;
    this.status = status;
    this.explainer = explainer;
    this.backups = backups;
    this.stepSoon = stepSoon;
  }

  /** Makes {@code channel}, whose preamble said client, a client's connection. */
  public void accept(Channel channel) {
    connections++;
    channel.closeFuture().addListener(closed -> connections--);
    BegunFrame begun = new BegunFrame(budget);
    channel.pipeline().addLast(begun);
    Frames.install(
        channel.pipeline(), RawClientFrame.getDefaultInstance(), Limit.FRAME_BYTES_MAX_VALUE);
    channel.pipeline().addLast(new Handler(begun, new ClientConnection(channel, budget, answered)));
  }

  /**
   * Stricter than the parser that applies the batch: what passes here, nothing can stop later, when
   * it would take the other commands of its batch with it.
   */
  private static Command parse(ByteString bytes) throws IOException {
    CodedInputStream in = bytes.newCodedInput();
    // Key and value are only looked at: what goes on its way are the command's own bytes.
    in.enableAliasing(true);
    in.setRecursionLimit(COMMAND_DEPTH_MAX);
    return Command.parseFrom(in);
  }

  /** How many clients are connected. */
  public int connections() {
    return connections;
  }

  /** Size of the answers that clients have not taken, in bytes. */
  public long unreadBytes() {
    return budget.unread();
  }

  /** The step is over: all replies leave. */
  public void flush() {
    while (!answered.isEmpty()) {
      // A flush may close its connection, or make room for what waited.
      List<ClientConnection> now = List.copyOf(answered);
      answered.clear();
      now.forEach(ClientConnection::flush);
    }
  }

  private final class Handler extends SimpleChannelInboundHandler<RawClientFrame> {
    private final BegunFrame begun;
    private final ClientConnection connection;

    Handler(BegunFrame begun, ClientConnection connection) {
      this.begun = begun;
      this.connection = connection;
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
      connection.forget();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, RawClientFrame frame)
        throws IOException {
      begun.ended();
      for (ByteString bytes : frame.getCommandsList()) {
        if (plain.opens(bytes)) {
          service.submit(plain.reader(), bytes, connection);
        } else {
          service.submit(parse(bytes), bytes, connection);
        }
      }
      if (frame.getStatus()) {
        connection.tell(ServerFrame.newBuilder().setStatus(status.get()).build());
      }
      if (frame.hasExplain()) {
        Explanation answer = explainer.apply(frame.getExplain());
        connection.tell(ServerFrame.newBuilder().setExplanation(answer).build());
      }
      if (frame.hasBackup()) {
        backups.accept(frame.getBackup(), connection);
      }
      stepSoon.run();
    }

    /** A client that does not read its answers is not read from either. */
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
      ctx.channel().config().setAutoRead(ctx.channel().isWritable());
      connection.takesMore();
      stepSoon.run();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      // What is left of the bytes may be malformed once more as the connection closes.
      if (ctx.channel().isActive()) {
        String why = Frames.faultOf(cause);
        LOG.warn("closed client {}: {}", ctx.channel().remoteAddress(), why);
        ctx.channel().config().setAutoRead(false);
        connection.refuse(why);
      }
    }
  }
}
