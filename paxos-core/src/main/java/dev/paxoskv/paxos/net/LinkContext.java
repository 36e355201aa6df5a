package dev.paxoskv.paxos.net;

import dev.paxoskv.paxos.net.wire.EventLoops;
import dev.paxoskv.paxos.net.wire.MessageCodec;
import dev.paxoskv.paxos.protocol.Envelope;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import java.net.InetSocketAddress;
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

  /** A connection that has not taken our bytes for so long is dead, even if no error says so. */
  private static final int STUCK_MILLIS = 10_000;

  /** Looks names up, as that blocks; literal addresses never come here. */
  private static final ExecutorService RESOLVER = Executors.newSingleThreadExecutor(task -> {
    Thread thread = new Thread(task, "paxos-resolver");
    thread.setDaemon(true);
    return thread;
  });

  private final EventLoop loop;
  private final Group group;
  private final Inputs inputs;
  private final MessageCodec codec;
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
      loop.execute(() -> whenFound.accept(found));
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
    if (Epoll.isAvailable()) {
      bootstrap.option(EpollChannelOption.TCP_USER_TIMEOUT, STUCK_MILLIS);
    }
    return bootstrap;
  }
}
