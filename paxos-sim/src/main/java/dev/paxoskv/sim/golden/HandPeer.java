package dev.paxoskv.sim.golden;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.paxoskv.paxos.host.Host;
import dev.paxoskv.paxos.host.Journal;
import dev.paxoskv.paxos.host.Observer;
import dev.paxoskv.paxos.host.StateMachine;
import dev.paxoskv.paxos.host.Transport;
import dev.paxoskv.paxos.net.wire.MessageCodec;
import dev.paxoskv.paxos.protocol.DurableRecord;
import dev.paxoskv.paxos.protocol.Envelope;
import dev.paxoskv.paxos.protocol.Invariants.InvariantViolation;
import dev.paxoskv.paxos.protocol.Status;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.paxos.protocol.roles.Effect;
import dev.paxoskv.paxos.protocol.roles.Replica;
import dev.paxoskv.paxos.protocol.roles.ReplicaConfig;
import dev.paxoskv.proto.peer.PeerFrame;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongConsumer;

/**
 * One peer, moved by hand: each call is one input to the real host and roles, and leaves behind
 * what came of it. Holds no thread and no reference to other peers.
 */
public final class HandPeer {

  /**
   * Something that a peer did.
   *
   * @param line the same in words
   * @param sent the message, if it sent one
   */
  public record Event(String line, Optional<Packet> sent) {}

  /** What a peer answers to: the way back to whoever asked. */
  private record Asked(int by) implements Effect.Connection {}

  /** More ticks than any wait lasts. */
  private static final int WAIT_TICKS_MAX = 100;

  private final int me;
  private final Plant plant;
  private final MessageCodec codec;
  private final HandJournal journal;
  private final Replica replica;
  private final Host host;
  private final TreeSet<Long> started = new TreeSet<>();
  private final TreeMap<Long, Value> decisions = new TreeMap<>();
  private final Optional<Notebook> machine;
  private List<Event> events = new ArrayList<>();
  private boolean isDown;
  private Optional<String> failure = Optional.empty();

  /**
   * A peer of the library, which has just begun: memory only, never asking on its own.
   *
   * @param plant what is wrong with it
   */
  public HandPeer(int me, int peers, Plant plant) {
    this(new ReplicaConfig(me, peers, 1, 0), plant, Optional.empty());
  }

  HandPeer(ReplicaConfig config, Plant plant, Optional<Notebook> machine) {
    this.me = config.me();
    this.plant = plant;
    this.codec = new MessageCodec(config.peers());
    this.journal = new HandJournal(plant == Plant.JOURNAL_LIES);
    this.replica = new Replica(config, ZeroDice.ZERO);
    this.machine = machine;
    Optional<StateMachine> state = machine.map(StateMachine.class::cast);
    this.host = new Host(replica, new Wire(), new Tape(), state, new Ears());
  }

  /** The seed's Start. */
  public void start(long seq, Value value) {
    started.add(seq);
    step(() -> host.start(seq, value));
  }

  /** Whether this peer's application has started {@code seq}. */
  public boolean hasStarted(long seq) {
    return started.contains(seq);
  }

  /** A read begins: what it finds is told when it is answered. Needs a state. */
  public void read() {
    step(() -> host.read(() -> note("reads", machine.orElseThrow().toString())));
  }

  void snapshot() {
    step(machine.orElseThrow()::save);
  }

  /** The seed's Done. */
  public void done(long seq) {
    step(() -> host.done(seq));
  }

  /** One unit of time passes. */
  public void tick() {
    step(host::tick);
  }

  /** Lets time pass until this peer does something; returns how many ticks that took. */
  public int timeout() {
    int before = events.size();
    int ticks = 0;
    while (events.size() == before && ticks < WAIT_TICKS_MAX && !isDown) {
      tick();
      ticks++;
    }
    return ticks;
  }

  /** A message arrives. */
  public void deliver(Packet packet) {
    step(() -> {
      if (packet.isAnswer()) {
        host.answer(packet.from(), packet.envelope());
      } else {
        host.request(packet.from(), new Asked(packet.from()), packet.envelope());
      }
    });
  }

  /** A request that this peer sent did not get through. */
  public void sendFailed(Packet packet) {
    step(() -> host.sendFailed(packet.to(), packet.envelope()));
  }

  /** From now on the journal is durable only when {@link #sync} says so. */
  public void hold() {
    journal.hold();
  }

  /** From now on its disk has room for what has begun only; or for more again. */
  void full(boolean nowFull) {
    journal.full(nowFull);
  }

  /** What its application talks to; inputs belong in a {@link #step}. */
  Host host() {
    return host;
  }

  /** Whether something is written and not yet durable. */
  public boolean isPending() {
    return !isDown && journal.isPending();
  }

  /** Everything written so far is durable. */
  public void sync() {
    step(() -> host.durable(journal.settle()));
  }

  /** This peer stops, without a word, and what was not durable is lost. */
  public void crash() {
    isDown = true;
    journal.crash();
  }

  /** Whether it has crashed, or has stopped because it found itself wrong. */
  public boolean isDown() {
    return isDown;
  }

  /** What it found wrong, if that is why it stopped. */
  public Optional<String> failure() {
    return failure;
  }

  public Status status(long seq) {
    return host.status(seq);
  }

  public long min() {
    return host.min();
  }

  public long max() {
    return host.max();
  }

  /** Who leads, as far as it knows; -1 for nobody. */
  public int leader() {
    return isDown ? -1 : host.leader();
  }

  /** How many instances it drives. */
  public int driving() {
    return host.driving();
  }

  /** All that it ever learnt, also of instances that it has forgotten since. */
  public Map<Long, Value> decisions() {
    return Collections.unmodifiableMap(decisions);
  }

  /** What its journal would give back after a crash. */
  public List<DurableRecord> durable() {
    return Collections.unmodifiableList(journal.durable());
  }

  /** What it has written beyond that. */
  public List<DurableRecord> pending() {
    return Collections.unmodifiableList(journal.pending());
  }

  /** A look inside the roles. */
  public Inside inside() {
    return new Inside(replica);
  }

  /** What it has done since it was last asked. */
  public List<Event> drain() {
    List<Event> drained = events;
    events = new ArrayList<>();
    return drained;
  }

  /** A peer that finds itself wrong stops, as it would in production. */
  void step(Runnable input) {
    if (isDown) {
      return;
    }
    try {
      input.run();
      host.flush();
    } catch (InvariantViolation e) {
      failure = Optional.of(String.valueOf(e.getMessage()));
      note("stops", failure.get());
      crash();
    }
  }

  private void note(String what, String rest) {
    events.add(new Event(Text.line(Integer.toString(me), what, rest), Optional.empty()));
  }

  private final class Wire implements Transport {
    @Override
    public void send(int peer, Envelope envelope) {
      Packet packet = new Packet(me, peer, overTheWire(plant.tamper(envelope)));
      events.add(new Event(packet.toString(), Optional.of(packet)));
    }

    @Override
    public void reply(Effect.Connection connection, Envelope envelope) {
      send(((Asked) connection).by(), envelope);
    }

    @Override
    public void flush() {
      // Each message was handed out when it was sent.
    }

    private Envelope overTheWire(Envelope envelope) {
      try {
        return codec.decode(PeerFrame.parseFrom(codec.encode(envelope).toByteArray()));
      } catch (InvalidProtocolBufferException e) {
        throw new AssertionError("a frame does not survive the wire", e);
      }
    }
  }

  /** The journal, with a note for each record. */
  private final class Tape implements Journal {
    @Override
    public long append(DurableRecord record) {
      note("writes", Text.record(record));
      return journal.append(record);
    }

    @Override
    public void sync(LongConsumer report) {
      journal.sync(report);
    }

    @Override
    public boolean hasRoom() {
      return journal.hasRoom();
    }
  }

  private final class Ears implements Observer {
    @Override
    public void decided(long seq, Value value) {
      note("decides", "seq=" + seq + " " + value);
      decisions.putIfAbsent(seq, value);
    }
  }
}
