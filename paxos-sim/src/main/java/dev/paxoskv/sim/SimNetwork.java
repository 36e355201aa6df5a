package dev.paxoskv.sim;

import dev.paxoskv.paxos.host.Journal;
import dev.paxoskv.paxos.host.Transport;
import dev.paxoskv.paxos.net.Inputs;
import dev.paxoskv.paxos.protocol.Envelope;
import dev.paxoskv.paxos.protocol.Message;
import dev.paxoskv.paxos.protocol.Recovered;
import dev.paxoskv.paxos.protocol.roles.Effect;
import dev.paxoskv.sim.check.Witness;
import dev.paxoskv.sim.check.Witness.Hop;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executor;

/**
 * The wires between the peers of one group, one per direction. Every message crosses as the bytes
 * that production would send.
 */
public final class SimNetwork {

  /** What a peer answers to: the wire back to whoever asked, and what was asked. */
  record Asked(int by, Message.Request question) implements Effect.Connection {}

  /**
   * One peer's end of all wires.
   *
   * @param inputs gets what arrives
   * @param door through which it has to go; closed while the peer stands still
   */
  private record End(Inputs inputs, Executor door) {}

  private final class Link {
    final int from;
    final int to;
    final MomentDice dice;
    LinkFaults faults = LinkFaults.NONE;
    boolean isCut;
    long lastArrival;

    Link(int from, int to, MomentDice dice) {
      this.from = from;
      this.to = to;
      this.dice = dice;
    }

    boolean isDead() {
      return isCut || down[to];
    }

    /** Returns whether the sender could have noticed that it will not arrive. */
    boolean carry(Hop hop) {
      sent.computeIfAbsent(hop.message().getClass(), kind -> new long[1])[0]++;
      witness.sent(hop);
      byte[] bytes = frames.bytes(hop.envelope());
      long hash = Arrays.hashCode(bytes) * 64L + from * 8L + to;
      simulator.trace(hash, () -> from + ">" + to + " " + hop.envelope());
      dice.about(hop.message().hashCode());
      if (isDead()) {
        count(Fate.CUT_OFF);
        return true;
      }
      if (dice.nextDouble() < faults.loss()) {
        count(Fate.LOST);
        return false;
      }
      if (dice.nextDouble() < faults.corruption()) {
        count(frames.corrupt(bytes, dice));
        return true;
      }
      deliverLater(hop, bytes, hash);
      if (dice.nextDouble() < faults.duplication()) {
        count(Fate.DUPLICATED);
        deliverLater(hop, bytes, hash);
      }
      return false;
    }

    private void deliverLater(Hop hop, byte[] bytes, long hash) {
      long delay = dice.nextLong(faults.delayMin(), faults.delayMax() + 1);
      long arrival = simulator.nowMicros() + delay;
      if (dice.nextDouble() < faults.reordering()) {
        count(Fate.REORDERED);
        arrival += dice.nextLong(1 + 9 * faults.delayMax());
      } else {
        lastArrival = Math.max(lastArrival, arrival);
        arrival = lastArrival;
      }
      inFlight++;
      simulator.after(arrival - simulator.nowMicros(), () -> deliver(hop, bytes, hash));
    }

    private void deliver(Hop hop, byte[] bytes, long hash) {
      inFlight--;
      if (isDead()) {
        count(Fate.CUT_OFF);
      } else {
        ends.get(to).door().execute(() -> handIn(hop, frames.decode(bytes), hash));
      }
    }

    private void handIn(Hop hop, Envelope envelope, long hash) {
      simulator.trace(~hash, () -> to + "<" + from + " " + envelope);
      witness.arrived(hop);
      Inputs inputs = ends.get(to).inputs();
      if (envelope.message() instanceof Message.Request request) {
        inputs.request(from, new Asked(from, request), envelope);
      } else {
        inputs.answer(from, envelope);
      }
    }
  }

  private final Simulator simulator;
  private final Witness witness;
  private final Frames frames;
  private final List<List<Link>> links = new ArrayList<>();
  private final List<End> ends = new ArrayList<>();
  private final boolean[] down;
  private boolean failsFast;
  private long inFlight;
  private final Map<Class<?>, long[]> sent = new LinkedHashMap<>();
  private final Map<Fate, long[]> fates = new EnumMap<>(Fate.class);

  /** A faithful network of {@code peers}; {@link #connect} each before it sends. */
  public SimNetwork(Simulator simulator, int peers, Dice dice) {
    this(simulator, peers, dice, Witness.NONE);
  }

  /** The same under the eyes of {@code witness}. */
  public SimNetwork(Simulator simulator, int peers, Dice dice, Witness witness) {
    this.simulator = simulator;
    this.witness = witness;
    this.frames = new Frames(peers);
    this.down = new boolean[peers];
    for (int from = 0; from < peers; from++) {
      List<Link> row = new ArrayList<>();
      for (int to = 0; to < peers; to++) {
        long index = (long) from * peers + to;
        row.add(new Link(from, to, dice.ofTheMoment("link", index, simulator::nowMicros)));
      }
      links.add(row);
    }
  }

  /** A journal whose records {@code witness} sees as well, once they are durable. */
  public Journal watched(int me, Journal journal) {
    return new WatchedJournal(me, journal, witness);
  }

  /** {@code me} has come back, and this is what its journal kept. */
  public void recovered(int me, Recovered recovered) {
    witness.recovered(me, recovered);
  }

  /** Where arrivals at the next peer go, in the order of their indexes. */
  public void connect(Inputs arrivals) {
    connect(arrivals, Runnable::run);
  }

  void connect(Inputs arrivals, Executor door) {
    ends.add(new End(arrivals, door));
  }

  /** How every wire behaves from now on. */
  public void behave(LinkFaults faults) {
    links.forEach(row -> row.forEach(link -> link.faults = faults));
  }

  /** How one wire behaves from now on. */
  public void behave(int from, int to, LinkFaults faults) {
    links.get(from).get(to).faults = faults;
  }

  /** Whether a sender is told at once that a wire is cut, as TCP often can tell. */
  public void failFast(boolean isFast) {
    failsFast = isFast;
  }

  /** Nothing gets from one peer to the other, nor what is on its way; the way back is untouched. */
  public void cut(int from, int to) {
    links.get(from).get(to).isCut = true;
  }

  /** Cuts both ways between {@code peer} and all others. */
  public void isolate(int peer) {
    for (int other = 0; other < links.size(); other++) {
      cut(peer, other);
      cut(other, peer);
    }
  }

  /** Ends every cut. */
  public void heal() {
    links.forEach(row -> row.forEach(link -> link.isCut = false));
  }

  /** Ends the cut of one wire. */
  public void heal(int from, int to) {
    links.get(from).get(to).isCut = false;
  }

  /** Nobody is there any more to hear at {@code peer}; no healing changes that. */
  void shutDown(int peer) {
    down[peer] = true;
  }

  /** How many messages are on their way. */
  public long inFlight() {
    return inFlight;
  }

  /** How many messages were handed to the network, lost ones included. */
  public long sent() {
    return sent.values().stream().mapToLong(count -> count[0]).sum();
  }

  /** The same for each kind of message that was sent at all, by its name. */
  public Map<String, Long> sentByKind() {
    Map<String, Long> byKind = new TreeMap<>();
    sent.forEach((kind, count) -> byKind.put(kind.getSimpleName(), count[0]));
    return byKind;
  }

  /** How often which fault befell a message, by its name; only those that occurred. */
  public Map<String, Long> faults() {
    Map<String, Long> faults = new TreeMap<>();
    fates.forEach((fate, count) -> faults.put("message " + fate.words(), count[0]));
    return faults;
  }

  /** The transport of {@code me}. */
  public Transport of(int me) {
    return new Transport() {
      @Override
      public void send(int peer, Envelope envelope) {
        checkOther(me, peer);
        Hop hop = new Hop(me, peer, envelope, Optional.empty());
        boolean couldNotice = links.get(me).get(peer).carry(hop);
        if (couldNotice && failsFast) {
          count(Fate.SENDER_WAS_TOLD);
          witness.failed(hop);
          ends.get(me).inputs().sendFailed(peer, envelope);
        }
      }

      @Override
      public void reply(Effect.Connection connection, Envelope envelope) {
        Asked asked = (Asked) connection;
        checkOther(me, asked.by());
        Hop hop = new Hop(me, asked.by(), envelope, Optional.of(asked.question()));
        links.get(me).get(asked.by()).carry(hop);
      }

      @Override
      public void flush() {
        // Nothing waits here: each message was given its time of arrival when it was sent.
      }
    };
  }

  private void count(Fate fate) {
    fates.computeIfAbsent(fate, f -> new long[1])[0]++;
  }

  private static void checkOther(int me, int peer) {
    if (peer == me) {
      throw new AssertionError("peer " + me + " sends to itself through the network");
    }
  }
}
