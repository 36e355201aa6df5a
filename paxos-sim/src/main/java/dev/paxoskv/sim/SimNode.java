package dev.paxoskv.sim;

import dev.paxoskv.paxos.PaxosNode;
import dev.paxoskv.paxos.host.Host;
import dev.paxoskv.paxos.net.Inputs;
import dev.paxoskv.paxos.protocol.Envelope;
import dev.paxoskv.paxos.protocol.roles.Effect;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/** One peer on the simulator: what {@link PaxosNode} does with an event loop, in virtual time. */
final class SimNode implements Inputs {
  static final long TICK_MICROS = TimeUnit.MILLISECONDS.toMicros(PaxosNode.TICK_MILLIS);

  private final Simulator simulator;
  private final Host host;
  private final Runnable tick = this::tick;
  private final ArrayDeque<Runnable> held = new ArrayDeque<>();
  private Optional<Consumer<Host>> afterFlush = Optional.empty();
  private long tickMicros = TICK_MICROS;
  private long ticksToSkip;
  private boolean isFlushDue;
  private boolean isFrozen;
  private boolean isDown;

  /**
   * Ticks from {@code firstTickMicros} on.
   *
   * @param makeHost makes the host, whose network may call back into this node
   */
  SimNode(Simulator simulator, long firstTickMicros, Function<SimNode, Host> makeHost) {
    this.simulator = simulator;
    this.host = makeHost.apply(this);
    simulator.after(firstTickMicros, tick);
  }

  Host host() {
    return host;
  }

  /** Lets {@code listener} look at the host after each flush that followed an input. */
  void afterFlush(Consumer<Host> listener) {
    afterFlush = Optional.of(listener);
  }

  boolean isUp() {
    return !isDown && !isFrozen;
  }

  /** It does nothing any more, for ever. */
  void crash() {
    isDown = true;
    held.clear();
  }

  /** It does nothing until it is resumed; what arrives waits in its sockets. */
  void freeze() {
    isFrozen = true;
  }

  void resume() {
    isFrozen = false;
    while (!held.isEmpty()) {
      held.removeFirst().run();
    }
  }

  /** Its clock runs at {@code rate}, 1 being right, and no longer stands still. */
  void clockRate(double rate) {
    ticksToSkip = 0;
    tickMicros = Math.max(1, Math.round(TICK_MICROS / rate));
  }

  /** Its clock jumps by {@code ticks}; back means that it stands still for as long. */
  void clockJump(long ticks) {
    if (!isUp()) {
      return;
    }
    if (ticks < 0) {
      ticksToSkip -= ticks;
    }
    for (long i = 0; i < ticks; i++) {
      host.tick();
    }
    flushSoon();
  }

  /** Performs what the inputs of this moment have caused, all together. */
  void flushSoon() {
    if (!isFlushDue) {
      isFlushDue = true;
      simulator.after(0, this::flush);
    }
  }

  @Override
  public void request(int from, Effect.Connection connection, Envelope envelope) {
    host.request(from, connection, envelope);
    flushSoon();
  }

  @Override
  public void answer(int from, Envelope envelope) {
    host.answer(from, envelope);
    flushSoon();
  }

  @Override
  public void sendFailed(int peer, Envelope envelope) {
    host.sendFailed(peer, envelope);
    flushSoon();
  }

  /** Does it now, or once the node is resumed, or never. */
  void whenUp(Runnable input) {
    if (isFrozen) {
      held.add(input);
    } else if (!isDown) {
      input.run();
    }
  }

  private void tick() {
    if (isDown) {
      return;
    }
    simulator.after(tickMicros, tick);
    if (isFrozen) {
      return;
    }
    if (ticksToSkip > 0) {
      ticksToSkip--;
      return;
    }
    host.tick();
    host.flush();
  }

  private void flush() {
    if (isFrozen) {
      held.add(this::flush);
    } else if (!isDown) {
      isFlushDue = false;
      host.flush();
      afterFlush.ifPresent(listener -> listener.accept(host));
    }
  }
}
