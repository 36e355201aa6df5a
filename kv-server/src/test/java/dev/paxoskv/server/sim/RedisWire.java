package dev.paxoskv.server.sim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.paxoskv.sim.Simulator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * One connection of a client that speaks Redis's protocol, both ends. Bytes cross in order, each
 * way with its own delays, and are cut anywhere.
 */
final class RedisWire implements ServerEnd {
  private final Simulator simulator;
  private final SimServer server;
  private final RandomGenerator dice;
  private final SimPath path;
  private final RedisReplies replies;
  private final Runnable lost;
  private Optional<EmbeddedChannel> channel = Optional.empty();
  private boolean isOver;

  /**
   * Dials {@code server}.
   *
   * @param reply hears each reply, as {@link RedisReplies} writes it
   * @param lost hears that the connection has ended by what happened, and not by {@link #close}
   */
  RedisWire(StoreSim sim, SimServer server, long number, Consumer<String> reply, Runnable lost) {
    this.simulator = sim.simulator();
    this.server = server;
    this.dice = sim.dice().fork("redis wire", number);
    this.path = new SimPath(simulator, dice, () -> sim.doors().faults().delayMax());
    this.replies = new RedisReplies(reply);
    this.lost = lost;
    path.towardsServer(() -> {
      if (!server.isCrashed()) {
        server.input(() -> channel = Optional.of(server.accept(this)));
      } else if (!server.isSilent()) {
        path.towardsClient(this::lose);
      }
    });
  }

  void send(String requests) {
    byte[] bytes = requests.getBytes(ISO_8859_1);
    simulator.trace(server.me() + " is asked " + requests.hashCode());
    int cut = dice.nextInt(bytes.length + 1);
    path.towardsServer(() -> server.input(() -> serverReads(bytes, 0, cut)));
    path.towardsServer(() -> server.input(() -> serverReads(bytes, cut, bytes.length - cut)));
  }

  private void serverReads(byte[] bytes, int from, int count) {
    channel
        .filter(EmbeddedChannel::isActive)
        .ifPresent(open -> open.writeInbound(Unpooled.wrappedBuffer(bytes, from, count)));
  }

  @Override
  public boolean deliverAnswers() {
    EmbeddedChannel open = channel.orElseThrow();
    StringBuilder text = new StringBuilder();
    for (ByteBuf part = open.readOutbound(); part != null; part = open.readOutbound()) {
      text.append(new String(ByteBufUtil.getBytes(part), ISO_8859_1));
      part.release();
    }
    if (!text.isEmpty()) {
      simulator.trace(server.me() + " answers " + text.toString().hashCode());
      path.towardsClient(() -> clientReads(text.toString()));
    }
    if (!open.isActive()) {
      path.towardsClient(this::lose);
    }
    return !open.isActive();
  }

  private void clientReads(String text) {
    if (!isOver) {
      replies.read(text);
    }
  }

  /** It breaks now: what is on its way to the server arrives, what comes back does not. */
  void breakOff() {
    hangUp();
    lose();
  }

  /** Nothing gets through any more, and nobody is told. */
  void fallSilent() {
    path.fallSilent();
  }

  @Override
  public void serverDied(boolean isSilent) {
    channel = Optional.empty();
    if (isSilent) {
      fallSilent();
    } else {
      lose();
    }
  }

  private void lose() {
    if (!isOver) {
      isOver = true;
      lost.run();
    }
  }

  /** The client hangs up. */
  void close() {
    isOver = true;
    hangUp();
  }

  private void hangUp() {
    path.towardsServer(() -> server.input(() -> channel.ifPresent(EmbeddedChannel::close)));
  }
}
