package dev.paxoskv.server.door.redis;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import dev.paxoskv.paxos.net.NettyTransport;
import dev.paxoskv.proto.kv.Command;
import dev.paxoskv.proto.kv.ServerStatus;
import dev.paxoskv.server.door.BegunFrame;
import dev.paxoskv.server.door.Budget;
import dev.paxoskv.server.door.redis.wire.Request;
import dev.paxoskv.server.door.redis.wire.RequestReader;
import dev.paxoskv.server.door.redis.wire.Resp;
import dev.paxoskv.server.machine.SessionId;
import dev.paxoskv.server.machine.command.CommandReader;
import dev.paxoskv.server.service.KvService;
import dev.paxoskv.server.service.Query;
import dev.paxoskv.server.service.ReplyTo;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes clients in that speak Redis's protocol. Their writes go through the log and their reads are
 * as current as those of the native door. Event loop only.
 */
public final class RedisDoor {
  private static final Logger LOG = LoggerFactory.getLogger(RedisDoor.class);

  /** Most clients at a time; more are told so and closed. */
  static final int CLIENTS_MAX = NettyTransport.CONNECTIONS_MAX;

  /** So long a run of writes waits for its answers. */
  static final int PATIENCE_TICKS = 500;

  /** Encoded and not taken by the client; from there on answers wait as they are. */
  private static final WriteBufferWaterMark ENCODED_BYTES =
      new WriteBufferWaterMark(1 << 19, 1 << 20);

  private record Deadline(WriteRun run, long tick) {}

  private final KvService service;
  private final Runnable stepSoon;
  private final CommandTable table = new CommandTable();
  private final CommandReader reader = new CommandReader();
  private final DoorSession session;
  private final Budget budget = new Budget();
  private final Set<RedisConnection> awake = new LinkedHashSet<>();
  private final ArrayDeque<Deadline> deadlines = new ArrayDeque<>();
  private long now;
  private long lastId;
  private int clients;

  /**
   * Makes the door of one server.
   *
   * @param keys how many keys have a value here by now
   * @param status tells how the server is
   * @param stepSoon asks for a step, after which replies leave
   * @param dice draws what nobody else may have drawn
   */
  public RedisDoor(
      KvService service,
      IntSupplier keys,
      Supplier<ServerStatus> status,
      Runnable stepSoon,
      RandomGenerator dice) {
    this.service = service;
    this.stepSoon = stepSoon;
    this.session = new DoorSession(service, dice);
    StringCommands.addTo(table);
    new KeyCommands(new Cursors(dice)).addTo(table);
    ConnectionCommands.addTo(table);
    new ServerCommands(status, () -> clients, keys).addTo(table);
  }

  /** Makes {@code channel} a client's connection. */
  public void accept(Channel channel) {
    if (clients >= CLIENTS_MAX) {
      LOG.warn("closed {}: there are {} clients already", channel.remoteAddress(), clients);
      ByteBuf why = channel.alloc().ioBuffer();
      new Resp.Failure("ERR max number of clients reached, which is " + CLIENTS_MAX).writeTo(why);
      channel.writeAndFlush(why).addListener(ChannelFutureListener.CLOSE);
      return;
    }
    clients++;
    channel.config().setWriteBufferWaterMark(ENCODED_BYTES);
    // Who has said all may wait for the answers: printf 'INCR n\r\n' | nc -N HOST PORT
    channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    RedisConnection connection = new RedisConnection(this, channel, new Caller(++lastId));
    BegunFrame begun = new BegunFrame(budget);
    channel
        .pipeline()
        .addLast(begun)
        .addLast(new RequestReader(connection, begun::ended))
        .addLast(new Ends(connection));
  }

  /** Time has passed. */
  public void tick() {
    now++;
    while (!deadlines.isEmpty()
        && (deadlines.getFirst().run().isOver() || deadlines.getFirst().tick() <= now)) {
      deadlines.removeFirst().run().giveUp();
    }
  }

  /** The step is over: answers leave, and what waited for them goes on. */
  public void flush() {
    while (!awake.isEmpty()) {
      List<RedisConnection> all = List.copyOf(awake);
      awake.clear();
      all.forEach(RedisConnection::goOn);
    }
  }

  Task task(Request request, Caller caller) {
    return table.task(request, caller);
  }

  DoorSession session() {
    return session;
  }

  Budget budget() {
    return budget;
  }

  /** The connection has something to do at the end of the step. */
  void wake(RedisConnection connection) {
    awake.add(connection);
    stepSoon.run();
  }

  void read(Query query, ReplyTo replyTo) {
    service.read(0, query, replyTo);
    stepSoon.run();
  }

  /** The run has so much time from now on. */
  void begun(WriteRun run) {
    deadlines.addLast(new Deadline(run, now + PATIENCE_TICKS));
    stepSoon.run();
  }

  KvService.Unit unit() {
    stepSoon.run();
    return service.unit();
  }

  /** Takes in a write that this door has encoded. */
  void submit(KvService.Unit unit, byte[] command, ReplyTo replyTo) {
    ByteString bytes = UnsafeByteOperations.unsafeWrap(command);
    if (reader.opensOne(command, 0, command.length) && reader.asked().isOnOneKey()) {
      unit.submit(reader, bytes, replyTo);
    } else {
      try {
        unit.submit(Command.parseFrom(bytes), bytes, replyTo);
      } catch (InvalidProtocolBufferException e) {
        throw new IllegalStateException("these bytes are of this door's own making", e);
      }
    }
  }

  boolean withdraw(SessionId in, long number) {
    return service.withdraw(in, number);
  }

  /** What becomes of the connection itself. */
  private final class Ends extends ChannelInboundHandlerAdapter {
    private final RedisConnection connection;

    Ends(RedisConnection connection) {
      this.connection = connection;
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
      wake(connection);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event instanceof ChannelInputShutdownEvent) {
        connection.saidAll();
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      clients--;
      awake.remove(connection);
      connection.forget();
    }
  }
}
