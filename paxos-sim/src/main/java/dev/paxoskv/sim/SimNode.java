package dev.paxoskv.sim;

import dev.paxoskv.paxos.PaxosNode;
import dev.paxoskv.paxos.host.Host;
import dev.paxoskv.paxos.net.Inputs;
import dev.paxoskv.paxos.protocol.Envelope;
import dev.paxoskv.paxos.protocol.roles.Effect;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** One peer on the simulator: what {@link PaxosNode} does with an event loop, in virtual time. */
final class SimNode implements Inputs {
  static final long TICK_MICROS = TimeUnit.MILLISECONDS.toMicros(PaxosNode.TICK_MILLIS);

  private final Simulator simulator;
  private final Host host;
  private boolean isFlushDue;

  /**
   * Ticks from {@code firstTickMicros} on.
   *
   * @param makeHost makes the host, whose network may call back into this node
   */
  SimNode(Simulator simulator, long firstTickMicros, Function<SimNode, Host> makeHost) {
    this.simulator = simulator;
    this.host = makeHost.apply(this);
    simulator.every(firstTickMicros, TICK_MICROS, this::tick);
  }

  Host host() {
    return host;
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

  private void tick() {
    host.tick();
    flushSoon();
  }

  private void flush() {
    isFlushDue = false;
    host.flush();
  }
}
