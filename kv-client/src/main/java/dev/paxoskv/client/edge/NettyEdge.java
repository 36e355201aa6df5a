package dev.paxoskv.client.edge;

import dev.paxoskv.paxos.net.Address;
import dev.paxoskv.paxos.net.wire.EventLoops;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.security.SecureRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;

/** The edge of production: one event loop, the machine's clock and dice, TCP. */
public final class NettyEdge implements Edge {
  /** A look-up can hang for long; a few threads let other names be found meanwhile. */
  private static final int LOOK_UPS_MAX = 4;

  private static final int CLOSE_SECONDS_MAX = 5;

  private final AtomicBoolean isClosed = new AtomicBoolean();
  private final SecureRandom dice = new SecureRandom();
  private final EventLoopGroup threads = EventLoops.single("kv-client");
  private final EventLoop loop = threads.next();
  private final ExecutorService lookUps = new ThreadPoolExecutor(
      0,
      LOOK_UPS_MAX,
      1,
      TimeUnit.SECONDS,
      new SynchronousQueue<>(),
      new DefaultThreadFactory("kv-client-look-up", true));

  @Override
  public long nanos() {
    return System.nanoTime();
  }

  @Override
  public RandomGenerator dice() {
    return dice;
  }

  @Override
  public boolean isOwnThread() {
    return loop.inEventLoop();
  }

  @Override
  public void execute(Runnable action) {
    loop.execute(action);
  }

  @Override
  public void after(long nanos, Runnable action) {
    loop.schedule(action, nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public Connection dial(Address address, long openNanosMax, Connection.Listener listener) {
    return NettyConnection.dial(
        new NettyConnection.Means(loop, lookUps), address, openNanosMax, listener);
  }

  @Override
  public void close(Runnable last) {
    if (!isClosed.getAndSet(true)) {
      loop.execute(last);
      threads.shutdownGracefully(0, CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
      lookUps.shutdownNow();
    }
    if (!loop.inEventLoop()) {
      threads.terminationFuture().awaitUninterruptibly(CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
    }
  }
}
