package dev.paxoskv.client.edge;

import dev.paxoskv.paxos.net.wire.EventLoops;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Event loops for edges, and threads that look names up for them. Thread-safe. */
public final class EdgeThreads implements AutoCloseable {
  /** A look-up can hang for long; a few threads let other names be found meanwhile. */
  private static final int LOOK_UPS_MAX = 16;

  private static final int LOOK_UPS_WAITING_MAX = 4096;

  static final int CLOSE_SECONDS_MAX = 5;

  private final List<EventLoop> loops;
  private final AtomicInteger edges = new AtomicInteger();
  private final ThreadPoolExecutor lookUps = new ThreadPoolExecutor(
      LOOK_UPS_MAX,
      LOOK_UPS_MAX,
      1,
      TimeUnit.SECONDS,
      new LinkedBlockingQueue<>(LOOK_UPS_WAITING_MAX),
      new DefaultThreadFactory("kv-client-look-up", true));

  /** So many event loops, each a thread; 1 or more. */
  public EdgeThreads(int count) {
    lookUps.allowCoreThreadTimeOut(true);
    loops = Stream.generate(() -> EventLoops.single("kv-client").next())
        .limit(count)
        .toList();
  }

  /** An edge with a thread of its own, which ends with it. */
  public static Edge alone() {
    EdgeThreads threads = new EdgeThreads(1);
    return threads.edge(threads::close);
  }

  /**
   * An edge on the loop whose turn it is.
   *
   * @param whenClosed called by whoever closes the edge, at the end, once or more
   */
  public Edge edge(Runnable whenClosed) {
    int turn = Math.floorMod(edges.getAndIncrement(), loops.size());
    return new NettyEdge(this, loops.get(turn), whenClosed);
  }

  Executor lookUps() {
    return lookUps;
  }

  /** Whether the caller runs on one of them, and so must not wait for another. */
  boolean areOfCaller() {
    return loops.stream().anyMatch(EventLoop::inEventLoop);
  }

  /** Waits for the threads' end, unless called on one of them. To be closed after its edges. */
  @Override
  public void close() {
    for (EventLoop loop : loops) {
      loop.parent().shutdownGracefully(0, CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
    }
    lookUps.shutdownNow();
    if (!areOfCaller()) {
      for (EventLoop loop : loops) {
        loop.parent().terminationFuture().awaitUninterruptibly(CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
      }
    }
  }
}
