package dev.paxoskv.paxos;

import dev.paxoskv.paxos.host.Host;
import dev.paxoskv.paxos.net.NetConfig;
import dev.paxoskv.paxos.net.NettyTransport;
import dev.paxoskv.paxos.net.wire.EventLoops;
import dev.paxoskv.paxos.protocol.Member;
import dev.paxoskv.paxos.protocol.members.Members;
import dev.paxoskv.paxos.protocol.roles.Replica;
import dev.paxoskv.paxos.protocol.roles.ReplicaConfig;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running peer: an event loop that does the bytes and is the protocol thread, a {@link Host} on
 * it, and a network. {@link Paxos} wraps it for applications, and the store builds on it. All
 * methods may be called from any thread unless they say otherwise.
 */
public final class PaxosNode implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PaxosNode.class);

  /** Length of one tick of protocol time. */
  public static final int TICK_MILLIS = 10;

  private record Hooks(
      List<Runnable> tickers, List<Runnable> beforeFlush, List<Runnable> afterFlush) {}

  private final NodeConfig config;
  private final EventLoop loop;
  private final NettyTransport network;
  private final Host host;
  private final NodeJournal journal;
  private final Hooks hooks = new Hooks(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
  private final CompletableFuture<Void> stopped = new CompletableFuture<>();
  private volatile Optional<Future<?>> ticking = Optional.empty();
  private boolean isFlushDue;
  private boolean isBroken;
  private volatile int port;

  /**
   * Makes a peer, from its data directory if it has one. It does nothing before {@link #open}.
   *
   * @throws java.io.UncheckedIOException if the data directory is in use or cannot be read
   */
  public PaxosNode(NodeConfig config) {
    this.config = config;
    this.journal = NodeJournal.open(config, this::onLoop, this::journalFailed);
    SecureRandom random = new SecureRandom();
    this.loop = EventLoops.single("paxos-" + config.me()).next();
    Member self = journal.member();
    Members members = new Members(config.me(), config.peers().size(), self);
    journal.recovered().registered().values().forEach(members::recover);
    this.network = new NettyTransport(
        loop,
        new NetConfig(
            config.peers(), config.me(), config.dial(), journal.cluster(config.peers()), members),
        new Arrivals(this));
    this.host = journal.orClosed(
        loop,
        () -> new Host(
            new Replica(
                new ReplicaConfig(
                    config.me(),
                    config.peers().size(),
                    self.incarnation(),
                    config.catchUpTicks(),
                    config.leads()),
                new SplittableRandom(random.nextLong()),
                members,
                journal.recovered()),
            config.network().apply(network),
            journal.journal(),
            journal.machine(),
            config.observer()));
    onTick(new WaitingLine(members)::tick);
  }

  /**
   * Listens and lets time pass. Once only.
   *
   * @throws java.io.UncheckedIOException if the address cannot be listened at; the peer is closed
   *     then
   */
  public PaxosNode open() {
    try {
      port = network.listen(loop, config.listen(), config.clients());
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
    // Not at a fixed rate: ticks would be made up for after a pause of this process, one behind the
    // other, and whatever the others have said meanwhile would look old before it was read.
    ticking = Optional.of(loop.scheduleWithFixedDelay(
        guarded(this::tick), TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS));
    return this;
  }

  /** The port listened at. */
  public int port() {
    return port;
  }

  /** The host; to be used on the protocol thread only. */
  public Host host() {
    return host;
  }

  public NettyTransport network() {
    return network;
  }

  /**
   * Calls {@code ticker} at every tick, on the protocol thread. To be set up before {@link #open}.
   */
  public void onTick(Runnable ticker) {
    hooks.tickers().add(ticker);
  }

  /**
   * Calls {@code action} before effects are performed, so that what gathered in this step goes
   * together. To be set up before {@link #open}.
   */
  public void beforeFlush(Runnable action) {
    hooks.beforeFlush().add(action);
  }

  /** Calls {@code action} after effects were performed. To be set up before {@link #open}. */
  public void afterFlush(Runnable action) {
    hooks.afterFlush().add(action);
  }

  /** Whether the caller is the protocol thread. */
  public boolean isOnProtocolThread() {
    return loop.inEventLoop();
  }

  /** Runs {@code action} on the protocol thread: at once if the caller is it, later if not. */
  public void execute(Runnable action) {
    if (loop.inEventLoop()) {
      guarded(action).run();
    } else {
      try {
        loop.execute(guarded(action));
      } catch (RejectedExecutionException e) {
        throw new IllegalStateException("this peer is closed", e);
      }
    }
  }

  /** Asks the protocol thread and waits for its answer. */
  public <T> T ask(Function<Host, T> question) {
    if (loop.inEventLoop()) {
      return answerTo(question);
    }
    try {
      return loop.submit(() -> answerTo(question)).syncUninterruptibly().getNow();
    } catch (RejectedExecutionException e) {
      throw new IllegalStateException("this peer is closed", e);
    }
  }

  private <T> T answerTo(Function<Host, T> question) {
    if (isBroken) {
      throw new IllegalStateException("this peer has stopped for safety; its log says why");
    }
    return question.apply(host);
  }

  /**
   * Performs what the inputs of this turn of the loop have caused, all together at its end.
   * Protocol thread only.
   */
  public void flushSoon() {
    if (!isFlushDue && !isBroken) {
      isFlushDue = true;
      loop.execute(guarded(this::flush));
    }
  }

  /** Completes when the peer has stopped; exceptionally if it stopped itself for safety. */
  public CompletableFuture<Void> stopped() {
    return stopped;
  }

  /**
   * Stops the peer. Waits until it has stopped, unless called on the protocol thread. May be called
   * more than once.
   */
  @Override
  public void close() {
    beginToClose();
    if (!loop.inEventLoop()) {
      loop.parent().terminationFuture().syncUninterruptibly();
      journal.close();
    }
  }

  /**
   * Not by two at a time: the loop of one could end before the other has given it its last task.
   */
  private synchronized void beginToClose() {
    ticking.ifPresent(future -> future.cancel(false));
    if (loop.isShuttingDown()) {
      return;
    }
    loop.execute(network::close);
    loop.parent().shutdownGracefully(0, 2, TimeUnit.SECONDS).addListener(done -> {
      journal.close();
      stopped.complete(null);
    });
  }

  /** Which group this is, as 32 hexadecimal digits. */
  public String cluster() {
    return journal.cluster(config.peers());
  }

  /** How the data directory's disk does. */
  public NodeDisk disk() {
    return journal;
  }

  /** The disk has failed in a way that cannot be lived with: the peer stops. */
  public void diskFailed(Throwable why) {
    execute(() -> journalFailed(why));
  }

  private void onLoop(Runnable action) {
    loop.execute(guarded(() -> {
      action.run();
      flushSoon();
    }));
  }

  private void journalFailed(Throwable why) {
    LOG.error("stopped for safety: {}", why.getMessage());
    stop(why);
  }

  private void tick() {
    host.tick();
    journal.tick();
    hooks.tickers().forEach(Runnable::run);
    flushSoon();
  }

  private void flush() {
    isFlushDue = false;
    hooks.beforeFlush().forEach(Runnable::run);
    host.members().refusal().ifPresent(this::stopRefused);
    if (!isBroken) {
      host.flush();
      hooks.afterFlush().forEach(Runnable::run);
    }
  }

  /**
   * A peer that finds itself wrong must not go on: it stops, says why, and whoever waits is told.
   */
  Runnable guarded(Runnable action) {
    return () -> {
      if (isBroken) {
        return;
      }
      try {
        action.run();
      } catch (RuntimeException | Error e) {
        LOG.error("stopped for safety: {}", e.getMessage(), e);
        stop(e);
      }
    };
  }

  void stopRefused(String reason) {
    if (!isBroken) {
      LOG.error("stopped for safety: {}", reason);
      stop(new IllegalStateException(reason));
    }
  }

  /** From here on no step is taken and nothing more is said. */
  private void stop(Throwable why) {
    isBroken = true;
    stopped.completeExceptionally(why);
    close();
  }
}
