package dev.paxoskv.paxos.net;

import com.google.protobuf.ByteString;
import dev.paxoskv.paxos.net.wire.EventLoops;
import dev.paxoskv.paxos.net.wire.MessageCodec;
import dev.paxoskv.paxos.protocol.Envelope;
import dev.paxoskv.proto.peer.Life;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import java.net.InetSocketAddress;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * What every link of one peer shares: the event loop, the codec, the group, and when each peer was
 * last heard.
 */
final class LinkContext {
  /** Most bytes that may wait for one peer. */
  static final int QUEUE_BYTES_MAX = 32 << 20;

  static final int GREETING_SECONDS = 5;

  private static final int CONNECT_MILLIS = 2000;

  private static final int REFUSALS_MAX = 64;
  private static final int REASON_CHARS_MAX = 2000;

  /** Looks names up, as that blocks; literal addresses never come here. */
  private static final ExecutorService RESOLVER = Executors.newFixedThreadPool(4, task -> {
    Thread thread = new Thread(task, "paxos-resolver");
    thread.setDaemon(true);
    return thread;
  });

  /** A connection that we have dialled, and the life that was at its other end. */
  private record Welcomed(ByteString bootId, Channel channel) {}

  private final EventLoop loop;
  private final Group group;
  private final Inputs inputs;
  private final MessageCodec codec;
  private final Map<Integer, Channel> inbound = new TreeMap<>();
  private final Map<Integer, Welcomed> outbound = new TreeMap<>();
  private final Set<String> refusals = new LinkedHashSet<>();
  private final long[] heardNanos;
  private final boolean[] wasHeard;

  LinkContext(EventLoop loop, Group group, Inputs inputs) {
    this.loop = loop;
    this.group = group;
    this.inputs = inputs;
    this.codec = new MessageCodec(group.size());
    this.heardNanos = new long[group.size()];
    this.wasHeard = new boolean[group.size()];
  }

  Group group() {
    return group;
  }

  Inputs inputs() {
    return inputs;
  }

  MessageCodec codec() {
    return codec;
  }

  void fail(int peer, Envelope envelope) {
    try {
      loop.execute(() -> inputs.sendFailed(peer, envelope));
    } catch (RejectedExecutionException e) {
      // The peer is closed: nobody waits for this request any more.
    }
  }

  /**
   * {@code peer} has dialled us; an older connection is of no use any more. One that we have
   * dialled to another life of it goes too: a life that is over may say nothing more.
   */
  void greeted(int peer, Life life, Channel channel) {
    Channel older = inbound.put(peer, channel);
    if (older != null) {
      older.close();
    }
    Welcomed dialled = outbound.get(peer);
    if (dialled != null && !dialled.bootId().equals(life.getBootId())) {
      dialled.channel().close();
    }
  }

  /** {@code peer} has taken our greeting on a connection that we have dialled. */
  void welcomed(int peer, Life life, Channel channel) {
    outbound.put(peer, new Welcomed(life.getBootId(), channel));
  }

  /** Whether this reason was not given lately. */
  boolean isNews(String reason) {
    if (refusals.size() == REFUSALS_MAX) {
      refusals.clear();
    }
    return refusals.add(reason);
  }

  /** What a stranger wrote, made fit for one line of a log. */
  static String printable(String text) {
    String cut = text.length() > REASON_CHARS_MAX ? text.substring(0, REASON_CHARS_MAX) : text;
    return cut.replaceAll("\\p{Cntrl}", "?");
  }

  void heard(int peer) {
    heardNanos[peer] = System.nanoTime();
    wasHeard[peer] = true;
  }

  boolean wasHeardWithin(int peer, long millis) {
    return wasHeard[peer]
        && System.nanoTime() - heardNanos[peer] <= TimeUnit.MILLISECONDS.toNanos(millis);
  }

  /**
   * Calls back on the event loop. A name that cannot be looked up is passed on, and fails when it
   * is dialled.
   */
  void lookUp(Address address, Consumer<InetSocketAddress> whenFound) {
    RESOLVER.execute(() -> {
      InetSocketAddress found = address.resolve();
      try {
        loop.execute(() -> whenFound.accept(found));
      } catch (RejectedExecutionException e) {
        // The peer is closed: nobody waits for the address any more.
      }
    });
  }

  Bootstrap bootstrap() {
    Bootstrap bootstrap = new Bootstrap()
        .group(loop)
        .channel(EventLoops.socketChannel())
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
        .option(
            ChannelOption.WRITE_BUFFER_WATER_MARK,
            new WriteBufferWaterMark(QUEUE_BYTES_MAX / 2, QUEUE_BYTES_MAX));
    DeadConnections.notice(bootstrap::option);
    return bootstrap;
  }
}
