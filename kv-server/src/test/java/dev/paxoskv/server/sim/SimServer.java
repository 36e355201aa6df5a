package dev.paxoskv.server.sim;

import dev.paxoskv.paxos.PaxosNode;
import dev.paxoskv.paxos.host.Host;
import dev.paxoskv.paxos.host.MemoryJournal;
import dev.paxoskv.paxos.host.Observer;
import dev.paxoskv.paxos.host.StateMachine;
import dev.paxoskv.paxos.host.Transport;
import dev.paxoskv.paxos.net.Inputs;
import dev.paxoskv.paxos.protocol.Envelope;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.paxos.protocol.roles.Effect;
import dev.paxoskv.paxos.protocol.roles.Replica;
import dev.paxoskv.paxos.protocol.roles.ReplicaConfig;
import dev.paxoskv.proto.kv.ServerStatus;
import dev.paxoskv.server.door.ClientDoor;
import dev.paxoskv.server.machine.KvStateMachine;
import dev.paxoskv.server.service.KvService;
import dev.paxoskv.server.service.Pending;
import dev.paxoskv.sim.Dice;
import dev.paxoskv.sim.Simulator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One server of the store on the simulator, wired as {@code KvServer} is: host, roles, state
 * machine, service and door are those of production; only the event loop and the sockets are not.
 */
final class SimServer implements Inputs {
  /** As in {@code KvServer}. */
  private static final int CATCH_UP_TICKS = 10;

  private static final long TICK_MICROS = TimeUnit.MILLISECONDS.toMicros(PaxosNode.TICK_MILLIS);

  private enum State {
    RUNNING,
    /** Stopped by a signal: nothing is lost, and all of it happens at once when it goes on. */
    FROZEN,
    CRASHED
  }

  private final Simulator simulator;
  private final CallFaults calls;
  private final Pending pending = new Pending();
  private final KvStateMachine machine = new KvStateMachine(pending);
  private final Host host;
  private final KvService service;
  private final ClientDoor door;
  private final List<SimWire> wires = new ArrayList<>();
  private final ArrayDeque<Runnable> heldBack = new ArrayDeque<>();
  private State state = State.RUNNING;
  private boolean isSilent;
  private boolean isFlushDue;

  SimServer(ReplicaConfig config, Simulator simulator, Dice dice, CallFaults calls, Watch watch) {
    int me = config.me();
    this.simulator = simulator;
    this.calls = calls;
    Transport network = calls.around(me, this);
    this.host = new Host(
        new Replica(config, dice.fork("retry", me)),
        network,
        calls.watched(me, new MemoryJournal()),
        Optional.of(watched(me, watch)),
        Observer.NONE);
    this.service = new KvService(host, pending, dice.fork("holes", me), KvService.Health.FINE);
    this.door = new ClientDoor(service, ServerStatus::getDefaultInstance, this::flushSoon);
    long firstTick = dice.fork("tick", me).nextLong(TICK_MICROS);
    simulator.every(firstTick, TICK_MICROS, () -> input(this::tick));
  }

  static ReplicaConfig config(int me, int peers) {
    return new ReplicaConfig(me, peers, 1, CATCH_UP_TICKS);
  }

  private StateMachine watched(int me, Watch watch) {
    return new StateMachine() {
      @Override
      public void apply(long seq, Value value) {
        machine.apply(seq, value);
        watch.applied(me, seq, machine.hash());
      }

      @Override
      public long done() {
        return machine.done();
      }
    };
  }

  Host host() {
    return host;
  }

  Pending pending() {
    return pending;
  }

  boolean isCrashed() {
    return state == State.CRASHED;
  }

  /** Whether its end is not noticed by those that try to reach it, as that of a machine. */
  boolean isSilent() {
    return isSilent;
  }

  /** For ever, for it comes back with nothing; its machine may go with it. */
  void crash(boolean withItsMachine) {
    state = State.CRASHED;
    isSilent = withItsMachine;
    heldBack.clear();
    List.copyOf(wires).forEach(wire -> wire.breakOff(isSilent));
    wires.clear();
  }

  void freeze() {
    if (state == State.RUNNING) {
      state = State.FROZEN;
    }
  }

  void thaw() {
    if (state == State.FROZEN) {
      state = State.RUNNING;
      while (!heldBack.isEmpty()) {
        heldBack.removeFirst().run();
      }
    }
  }

  /** Something happens to this server, if it still lives, and when it can. */
  void input(Runnable what) {
    if (state == State.RUNNING) {
      what.run();
    } else if (state == State.FROZEN) {
      heldBack.addLast(what);
    }
  }

  /** A client has connected; {@code wire} carries what the server writes to the channel. */
  EmbeddedChannel accept(SimWire wire) {
    EmbeddedChannel channel = new EmbeddedChannel();
    door.accept(channel);
    wires.add(wire);
    return channel;
  }

  @Override
  public void request(int from, Effect.Connection connection, Envelope envelope) {
    input(() -> {
      host.request(from, calls.remember(from, connection, envelope), envelope);
      flushSoon();
    });
  }

  @Override
  public void answer(int from, Envelope envelope) {
    input(() -> {
      host.answer(from, envelope);
      flushSoon();
    });
  }

  @Override
  public void sendFailed(int peer, Envelope envelope) {
    input(() -> {
      host.sendFailed(peer, envelope);
      flushSoon();
    });
  }

  private void tick() {
    host.tick();
    service.tick();
    flushSoon();
  }

  private void flushSoon() {
    if (!isFlushDue) {
      isFlushDue = true;
      simulator.after(0, () -> input(this::flush));
    }
  }

  private void flush() {
    isFlushDue = false;
    service.propose();
    host.flush();
    if (service.settle()) {
      flushSoon();
    }
    door.flush();
    wires.removeIf(SimWire::deliverAnswers);
  }
}
