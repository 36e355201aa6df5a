package dev.paxoskv.sim.reach;

import dev.paxoskv.paxos.host.Host;
import dev.paxoskv.paxos.protocol.Message.Decided;
import dev.paxoskv.paxos.protocol.Message.Forgotten;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.sim.check.Witness;
import dev.paxoskv.sim.reach.Reach.State;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Follows starts, decisions and done marks, for rare states. */
final class ForgetReach implements Witness {

  /** What one peer has been asked for and has come to know. */
  private static final class Peer {
    final Map<Long, Value> own = new HashMap<>();
    final Set<Long> decided = new HashSet<>();
    final Set<Long> open = new HashSet<>();
    long mark = -1;
    long min;
    boolean heardForgotten;
  }

  private final Reach reach;
  private final List<Peer> peers = new ArrayList<>();

  ForgetReach(int count, Reach reach) {
    this.reach = reach;
    for (int peer = 0; peer < count; peer++) {
      peers.add(new Peer());
    }
  }

  @Override
  public void started(int index, long seq, Value value) {
    Peer peer = peers.get(index);
    boolean isForgotten = seq < peer.min;
    boolean isDecided = !isForgotten && peer.decided.contains(seq);
    hitIf(isForgotten, State.START_OF_A_FORGOTTEN_INSTANCE);
    hitIf(isDecided, State.START_OF_A_DECIDED_INSTANCE);
    if (!isForgotten && !isDecided) {
      peer.own.putIfAbsent(seq, value);
      peer.open.add(seq);
    }
  }

  @Override
  public void decided(int index, long seq, Value value) {
    Peer peer = peers.get(index);
    Value own = peer.own.getOrDefault(seq, value);
    hitIf(!own.equals(value), State.ANOTHER_PEERS_VALUE_WON);
    peer.decided.add(seq);
    peer.open.remove(seq);
  }

  @Override
  public void done(int index, long seq) {
    Peer peer = peers.get(index);
    hitIf(seq < peer.mark, State.DONE_MARK_BELOW_AN_EARLIER_ONE);
    peer.mark = Math.max(peer.mark, seq);
  }

  @Override
  public void arrived(Hop hop) {
    Peer peer = peers.get(hop.to());
    if (hop.message() instanceof Decided decided) {
      hitIf(decided.seq() < peer.min, State.DECIDED_FOR_A_FORGOTTEN_INSTANCE);
    } else if (hop.message() instanceof Forgotten) {
      peer.heardForgotten = true;
    }
  }

  @Override
  public void settled(int index, Host host) {
    Peer peer = peers.get(index);
    if (host.min() > peer.min) {
      peer.min = host.min();
      hitIf(peer.heardForgotten, State.MIN_RAISED_BY_FORGOTTEN);
      boolean wasOpen = peer.open.removeIf(seq -> seq < host.min());
      hitIf(wasOpen, State.FORGOTTEN_BEFORE_IT_WAS_DECIDED);
    }
    peer.heardForgotten = false;
  }

  private void hitIf(boolean is, State state) {
    if (is) {
      reach.hit(state);
    }
  }
}
