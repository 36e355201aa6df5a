package dev.paxoskv.server.sim;

import dev.paxoskv.paxos.host.Journal;
import dev.paxoskv.paxos.host.Transport;
import dev.paxoskv.paxos.net.Inputs;
import dev.paxoskv.paxos.protocol.Envelope;
import dev.paxoskv.paxos.protocol.Recovered;
import dev.paxoskv.paxos.protocol.roles.Effect;
import dev.paxoskv.sim.Dice;
import dev.paxoskv.sim.SimNetwork;
import dev.paxoskv.sim.Simulator;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Calls between servers as the course's suite loses them, on top of what the network does: while
 * unreliable, of 1000 requests 100 never arrive, and of the others 200 are carried out but their
 * answer is lost. The asker is told at once.
 */
final class CallFaults {
  private static final int REQUESTS_LOST_OF_1000 = 100;
  private static final int ANSWERS_LOST_OF_1000 = 200;

  /** A connection that remembers what was asked on it last. */
  private record Call(int from, Effect.Connection connection, Envelope request)
      implements Effect.Connection {}

  private final Simulator simulator;
  private final SimNetwork network;
  private final RandomGenerator dice;
  private final List<Inputs> servers = new ArrayList<>();
  private boolean isUnreliable;
  private long lost;

  CallFaults(Simulator simulator, SimNetwork network, Dice dice) {
    this.simulator = simulator;
    this.network = network;
    this.dice = dice.fork("calls", 0);
  }

  void unreliable(boolean isOn) {
    isUnreliable = isOn;
  }

  /** Requests and answers lost so far. */
  long lost() {
    return lost;
  }

  Effect.Connection remember(int from, Effect.Connection connection, Envelope request) {
    return new Call(from, connection, request);
  }

  /** What the network's witness is to know of a journal. */
  Journal watched(int me, Journal journal) {
    return network.watched(me, journal);
  }

  /** What the network's witness is to know of a journal that was read again. */
  void recovered(int me, Recovered recovered) {
    network.recovered(me, recovered);
  }

  /** Connects {@code server}; to be called in the order of their indexes. */
  Transport around(int me, Inputs server) {
    servers.add(server);
    network.connect(server);
    Transport inner = network.of(me);
    return new Transport() {
      @Override
      public void send(int peer, Envelope envelope) {
        if (isLost(REQUESTS_LOST_OF_1000)) {
          fail(me, peer, envelope);
        } else {
          inner.send(peer, envelope);
        }
      }

      @Override
      public void reply(Effect.Connection connection, Envelope envelope) {
        Call call = (Call) connection;
        if (isLost(ANSWERS_LOST_OF_1000)) {
          fail(call.from(), me, call.request());
        } else {
          inner.reply(call.connection(), envelope);
        }
      }

      @Override
      public void flush() {
        inner.flush();
      }
    };
  }

  private boolean isLost(int of1000) {
    boolean isLost = isUnreliable && dice.nextInt(1000) < of1000;
    lost += isLost ? 1 : 0;
    return isLost;
  }

  private void fail(int asker, int peer, Envelope request) {
    simulator.after(0, () -> servers.get(asker).sendFailed(peer, request));
  }
}
