package dev.paxoskv.sim.mutants;

import dev.paxoskv.paxos.host.Host;
import dev.paxoskv.paxos.host.Transport;
import dev.paxoskv.paxos.net.Inputs;
import dev.paxoskv.paxos.protocol.Envelope;
import dev.paxoskv.paxos.protocol.roles.Effect;
import dev.paxoskv.sim.Simulator;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** One peer under the eyes of the oracle. */
final class GalePeer implements Inputs {
  static final long TICK_MICROS = 10_000;

  /** Whoever asked; a connection does not tell. */
  private static final int NOBODY = Integer.MAX_VALUE;

  private final int me;
  private final Simulator simulator;
  private final Oracle oracle;
  private final Host host;
  private boolean isFlushDue;
  private boolean isCalm;

  GalePeer(int me, Simulator simulator, Oracle oracle, Function<GalePeer, Host> makeHost) {
    this.me = me;
    this.simulator = simulator;
    this.oracle = oracle;
    this.host = makeHost.apply(this);
    simulator.every(1 + 1000L * me, TICK_MICROS, this::tick);
  }

  Host host() {
    return host;
  }

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

  /** No more of what spite does, only of what the network does. */
  void calm() {
    isCalm = true;
  }

  /** The same transport under spite, with each message shown to the oracle as it leaves. */
  Transport watched(Transport transport, Spite spite, RandomGenerator dice) {
    return new Transport() {
      @Override
      public void send(int peer, Envelope envelope) {
        oracle.leaves(me, envelope);
        if (isCalm || !spite.isLost(peer, envelope.message(), dice)) {
          transport.send(peer, envelope);
        }
        if (!isCalm && spite.comesAgain(envelope.message(), dice)) {
          simulator.after(dice.nextLong(spite.lateMicros()), () -> transport.send(peer, envelope));
        }
      }

      @Override
      public void reply(Effect.Connection connection, Envelope envelope) {
        oracle.leaves(me, envelope);
        if (isCalm || !spite.isLost(NOBODY, envelope.message(), dice)) {
          transport.reply(connection, envelope);
        }
      }

      @Override
      public void flush() {
        transport.flush();
      }
    };
  }

  private void tick() {
    host.tick();
    flushSoon();
  }

  private void flush() {
    isFlushDue = false;
    host.flush();
    oracle.min(me, host.min());
    oracle.max(me, host.max());
  }
}
