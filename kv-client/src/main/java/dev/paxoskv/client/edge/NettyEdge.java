package dev.paxoskv.client.edge;

import dev.paxoskv.paxos.net.Address;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Promise;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;

/** The edge of production: one event loop, the machine's clock and dice, TCP. */
final class NettyEdge implements Edge {
  private final AtomicBoolean isClosed = new AtomicBoolean();
  private final SecureRandom dice = new SecureRandom();
  private final EdgeThreads threads;
  private final EventLoop loop;
  private final Promise<Void> ended;
  private final Runnable whenClosed;

  /**
   * Makes one that ends nothing but itself.
   *
   * @param whenClosed called by whoever closes it, at the end, once or more
   */
  NettyEdge(EdgeThreads threads, EventLoop loop, Runnable whenClosed) {
    this.threads = threads;
    this.loop = loop;
    this.ended = loop.newPromise();
    this.whenClosed = whenClosed;
  }

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
        new NettyConnection.Means(loop, threads.lookUps()), address, openNanosMax, listener);
  }

  @Override
  public void close(Runnable last) {
    if (!isClosed.getAndSet(true)) {
      loop.execute(() -> {
        try {
          last.run();
        } finally {
          ended.setSuccess(null);
        }
      });
    }
    if (!threads.areOfCaller()) {
      ended.awaitUninterruptibly(EdgeThreads.CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
    }
    whenClosed.run();
  }
}
