package dev.paxoskv.server.sim;

import dev.paxoskv.paxos.PaxosNode;
import dev.paxoskv.paxos.host.Host;
import dev.paxoskv.paxos.host.Transport;
import dev.paxoskv.paxos.identity.IdentityException;
import dev.paxoskv.paxos.journal.LostDiskException;
import dev.paxoskv.paxos.net.Inputs;
import dev.paxoskv.paxos.protocol.Envelope;
import dev.paxoskv.paxos.protocol.roles.Effect;
import dev.paxoskv.server.machine.KvStateMachine;
import dev.paxoskv.server.service.KvService;
import dev.paxoskv.server.service.Pending;
import dev.paxoskv.sim.Dice;
import dev.paxoskv.sim.Simulator;
import dev.paxoskv.sim.disk.SimDisk.PowerCut;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * One server of the store on the simulator: its lives one after the other, each a
 * {@link SimProcess}. Without a directory it has one only.
 */
final class SimServer implements Inputs {
  /** What the servers of one run share. */
  record World(
      int size,
      SimLimits limits,
      Simulator simulator,
      Dice dice,
      CallFaults calls,
      Watch watch,
      DiskTally tally,
      List<SimServer> servers) {}

  private static final long TICK_MICROS = TimeUnit.MILLISECONDS.toMicros(PaxosNode.TICK_MILLIS);

  /** One that went down by itself is started again after so long. */
  private static final long AGAIN_MICROS = 300 * StoreSim.MILLI;

  private enum State {
    RUNNING,
    /** Stopped by a signal: nothing is lost, and all of it happens at once when it goes on. */
    FROZEN,
    CRASHED
  }

  private final World world;
  private final int me;
  private final Optional<SimDirectory> directory;
  private final Transport transport;
  private final Set<ServerEnd> wires = new LinkedHashSet<>();

  /** Those on which the server has written something, or hung up, since the last flush. */
  private final Set<ServerEnd> changed = new LinkedHashSet<>();

  private final ArrayDeque<Runnable> heldBack = new ArrayDeque<>();
  private Optional<SimProcess> process = Optional.empty();
  private Optional<String> out = Optional.empty();
  private State state = State.CRASHED;
  private boolean isSilent;
  private int lives;

  SimServer(World world, int me, Optional<SimDirectory> directory) {
    this.world = world;
    this.me = me;
    this.directory = directory;
    this.transport = world.calls().around(me, this);
    start();
    long firstTick = world.dice().fork("tick", me).nextLong(TICK_MICROS);
    world.simulator().every(firstTick, TICK_MICROS, () -> input(() -> process().tick()));
  }

  int me() {
    return me;
  }

  Optional<SimDirectory> directory() {
    return directory;
  }

  Transport transport() {
    return transport;
  }

  Host host() {
    return process().host();
  }

  Pending pending() {
    return process().pending();
  }

  /** The present life, or the last. */
  private SimProcess process() {
    return process.orElseThrow();
  }

  boolean isCrashed() {
    return state == State.CRASHED;
  }

  /** Why it takes part no more; empty if it does, or will. */
  Optional<String> out() {
    return out;
  }

  /** Whether its end is not noticed by those that try to reach it, as that of a machine. */
  boolean isSilent() {
    return isSilent;
  }

  /** Begins a life, unless it lives, or must not. */
  void start() {
    boolean mayStart = lives == 0 || directory.isPresent();
    if (state != State.CRASHED || !mayStart || out.isPresent()) {
      return;
    }
    world.tally().add("restarts", lives > 0 ? 1 : 0);
    world.simulator().trace("start " + me);
    try {
      process = Optional.of(new SimProcess(world, this, lives++));
      state = State.RUNNING;
      isSilent = false;
    } catch (LostDiskException | IdentityException e) {
      world.tally().count("refused lost disks");
      out = Optional.of(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      falls(false);
    } catch (PowerCut e) {
      fallsAsDiskSays();
    }
  }

  /** Its end; its machine may go with it, and then what was not synced is there or is not. */
  void crash(boolean withItsMachine) {
    state = State.CRASHED;
    isSilent = withItsMachine;
    process.ifPresent(SimProcess::end);
    world.tally().transfers().ended(me);
    heldBack.clear();
    List.copyOf(wires).forEach(wire -> wire.serverDied(isSilent));
    wires.clear();
    changed.clear();
    directory.ifPresent(d -> {
      world.tally().count(withItsMachine ? "power cuts" : "kills");
      if (withItsMachine) {
        d.disk().crash(world.dice().fork("power", me + 64L * lives));
      } else {
        d.disk().restart();
      }
    });
  }

  /** It went down by what its disk did, and is started again soon. */
  void falls(boolean withItsMachine) {
    crash(withItsMachine);
    world.simulator().after(AGAIN_MICROS, this::start);
  }

  /** Its disk did nothing any more: the power was cut, or only the program was killed. */
  void fallsAsDiskSays() {
    falls(!directory.orElseThrow().takeKill());
  }

  /** The others know better than to go on with it. */
  @Override
  public void mustStop(String reason) {
    if (directory.filter(SimDirectory::isOther).isEmpty()) {
      throw new AssertionError("server " + me + " has lost nothing, but is refused: " + reason);
    }
    if (state != State.CRASHED) {
      crash(false);
      world.tally().count("refused lost disks");
      out = Optional.of(reason);
    }
  }

  boolean hasParted() {
    return out.filter(why -> why.startsWith("the states of server")).isPresent();
  }

  /** Its state is not that of the others, so it stops itself. */
  void halts(String reason) {
    crash(false);
    world.tally().count("stopped with another state");
    out = Optional.of(reason);
  }

  /** Something goes wrong in its memory. */
  void spoil() {
    world.watch().spoilt(me);
    process().spoil();
  }

  /** Has its state saved, as for a backup. */
  void save() {
    process().save();
  }

  KvService service() {
    return process().service();
  }

  KvStateMachine state() {
    return process().state();
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
    wires.add(wire);
    return process().accept(() -> changed.add(wire));
  }

  /** The same, of one who speaks Redis's protocol. */
  EmbeddedChannel accept(RedisWire wire) {
    wires.add(wire);
    return process().acceptRedis(() -> changed.add(wire));
  }

  /** How many clients are connected. */
  int clients() {
    return process().clients();
  }

  /** What the server has written goes to its clients. */
  void deliverAnswers() {
    List<ServerEnd> now = List.copyOf(changed);
    changed.clear();
    for (ServerEnd wire : now) {
      if (wire.deliverAnswers()) {
        wires.remove(wire);
      }
    }
  }

  @Override
  public void request(int from, Effect.Connection connection, Envelope envelope) {
    input(() -> {
      if (process().knows(world.servers().get(from).process())) {
        world.tally().transfers().requested(from, me, envelope.message());
        host().request(from, world.calls().remember(from, connection, envelope), envelope);
        process().flushSoon();
      }
    });
  }

  @Override
  public void answer(int from, Envelope envelope) {
    input(() -> {
      host().answer(from, envelope);
      process().flushSoon();
    });
  }

  @Override
  public void sendFailed(int peer, Envelope envelope) {
    input(() -> {
      host().sendFailed(peer, envelope);
      process().flushSoon();
    });
  }
}
