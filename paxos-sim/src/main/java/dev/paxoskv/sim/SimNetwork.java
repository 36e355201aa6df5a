package dev.paxoskv.sim;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.paxoskv.paxos.host.Transport;
import dev.paxoskv.paxos.net.Inputs;
import dev.paxoskv.paxos.net.wire.MessageCodec;
import dev.paxoskv.paxos.protocol.Envelope;
import dev.paxoskv.paxos.protocol.roles.Effect;
import dev.paxoskv.proto.peer.PeerFrame;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * The wires between the peers of one group, one per direction. Every message crosses as the bytes
 * that production would send.
 */
public final class SimNetwork {

  /** What a peer answers to: the wire back to whoever asked. */
  private record Asked(int by) implements Effect.Connection {}

  private final class Link {
    final int from;
    final int to;
    final RandomGenerator dice;
    LinkFaults faults = LinkFaults.NONE;
    boolean isCut;
    long lastArrival;

    Link(int from, int to, RandomGenerator dice) {
      this.from = from;
      this.to = to;
      this.dice = dice;
    }

    void carry(Envelope envelope, boolean isAnswer) {
      sent.merge(envelope.message().getClass().getSimpleName(), 1L, Long::sum);
      byte[] bytes = codec.encode(envelope).toByteArray();
      simulator.trace(from + ">" + to + " " + envelope);
      boolean isLost = isCut || dice.nextDouble() < faults.loss();
      if (!isLost) {
        deliverLater(bytes, isAnswer);
        if (dice.nextDouble() < faults.duplication()) {
          deliverLater(bytes, isAnswer);
        }
      }
    }

    private void deliverLater(byte[] bytes, boolean isAnswer) {
      long delay = dice.nextLong(faults.delayMin(), faults.delayMax() + 1);
      long arrival = simulator.nowMicros() + delay;
      if (dice.nextDouble() < faults.reordering()) {
        arrival += dice.nextLong(1 + 9 * faults.delayMax());
      } else {
        lastArrival = Math.max(lastArrival, arrival);
        arrival = lastArrival;
      }
      simulator.after(arrival - simulator.nowMicros(), () -> deliver(bytes, isAnswer));
    }

    private void deliver(byte[] bytes, boolean isAnswer) {
      if (isCut) {
        return;
      }
      Envelope envelope = decode(bytes);
      simulator.trace(to + "<" + from + " " + envelope);
      if (isAnswer) {
        inputs.get(to).answer(from, envelope);
      } else {
        inputs.get(to).request(from, new Asked(from), envelope);
      }
    }
  }

  private final Simulator simulator;
  private final MessageCodec codec;
  private final List<List<Link>> links = new ArrayList<>();
  private final List<Inputs> inputs = new ArrayList<>();
  private boolean failsFast;
  private final TreeMap<String, Long> sent = new TreeMap<>();

  /** A faithful network of {@code peers}; {@link #connect} each before it sends. */
  public SimNetwork(Simulator simulator, int peers, Dice dice) {
    this.simulator = simulator;
    this.codec = new MessageCodec(peers);
    for (int from = 0; from < peers; from++) {
      List<Link> row = new ArrayList<>();
      for (int to = 0; to < peers; to++) {
        row.add(new Link(from, to, dice.fork("link", (long) from * peers + to)));
      }
      links.add(row);
    }
  }

  /** Where arrivals at the next peer go, in the order of their indexes. */
  public void connect(Inputs arrivals) {
    inputs.add(arrivals);
  }

  /** How every wire behaves from now on. */
  public void behave(LinkFaults faults) {
    links.forEach(row -> row.forEach(link -> link.faults = faults));
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

  /** How many messages were handed to the network, lost ones included. */
  public long sent() {
    return sent.values().stream().mapToLong(Long::longValue).sum();
  }

  /** The same for each kind of message that was sent at all, by its name. */
  public Map<String, Long> sentByKind() {
    return Collections.unmodifiableMap(sent);
  }

  /** The transport of {@code me}. */
  public Transport of(int me) {
    return new Transport() {
      @Override
      public void send(int peer, Envelope envelope) {
        checkOther(me, peer);
        Link link = links.get(me).get(peer);
        link.carry(envelope, false);
        if (link.isCut && failsFast) {
          inputs.get(me).sendFailed(peer, envelope);
        }
      }

      @Override
      public void reply(Effect.Connection connection, Envelope envelope) {
        int peer = ((Asked) connection).by();
        checkOther(me, peer);
        links.get(me).get(peer).carry(envelope, true);
      }

      @Override
      public void flush() {
        // Nothing waits here: each message was given its time of arrival when it was sent.
      }
    };
  }

  private static void checkOther(int me, int peer) {
    if (peer == me) {
      throw new AssertionError("peer " + me + " sends to itself through the network");
    }
  }

  private Envelope decode(byte[] bytes) {
    try {
      return codec.decode(PeerFrame.parseFrom(bytes));
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError("a frame does not survive the wire", e);
    }
  }
}
