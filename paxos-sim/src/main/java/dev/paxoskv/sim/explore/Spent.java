package dev.paxoskv.sim.explore;

import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.Message;
import dev.paxoskv.paxos.protocol.Message.Accepted;
import dev.paxoskv.paxos.protocol.Message.Decided;
import dev.paxoskv.paxos.protocol.Message.Done;
import dev.paxoskv.paxos.protocol.Message.Reject;
import dev.paxoskv.paxos.protocol.Status.Fate;
import dev.paxoskv.sim.explore.Move.Kind;
import dev.paxoskv.sim.explore.PeerStates.State;
import dev.paxoskv.sim.explore.PeerStates.Step;
import dev.paxoskv.sim.golden.HandPeer;
import dev.paxoskv.sim.golden.Inside;
import dev.paxoskv.sim.golden.Packet;
import java.util.Optional;

/**
 * Finds messages that can never again matter, so that states which differ by them alone are one. A
 * message is spent if its arrival changes nothing now (which is tried out, on the real roles) and
 * what makes it so does not go away: marks, ballots and decisions only rise.
 */
final class Spent {
  private final Scenario scenario;
  private final PeerStates peers;

  Spent(Scenario scenario, PeerStates peers) {
    this.scenario = scenario;
    this.peers = peers;
  }

  /** Takes all spent messages out of {@code state}. */
  void drop(int[] state) {
    for (int word = scenario.peers(); word < state.length; word++) {
      for (int bits = state[word]; bits != 0; bits &= bits - 1) {
        int bit = Integer.numberOfTrailingZeros(bits);
        int number = (word - scenario.peers()) * Integer.SIZE + bit;
        if (isSpent(state, number)) {
          state[word] &= ~(1 << bit);
        }
      }
    }
  }

  private boolean isSpent(int[] state, int number) {
    Packet packet = peers.packets().get(number);
    State receiver = peers.state(state[packet.to()]);
    State sender = peers.state(state[packet.from()]);
    Message message = packet.envelope().message();
    if (message instanceof Message.Request && scenario.areFailuresTold()) {
      return false;
    } else if (receiver.peer().isDown()) {
      return true;
    } else if (packet.isAnswer() || message instanceof Decided || message instanceof Done) {
      return receiver.spent().is(number, () -> isSpent(state[packet.to()], packet, number));
    }
    // A question that can only bring answers nobody waits for any more.
    return isFinished(sender)
        && receiver
            .settled()
            .is(number, () -> next(state[packet.to()], number) == state[packet.to()]);
  }

  private boolean isSpent(int receiver, Packet packet, int number) {
    Step step = peers.step(receiver, new Move(packet.to(), Kind.DELIVER, number));
    boolean isIdle = step.next() == receiver && step.sent().isEmpty();
    return isIdle
        && !mayMatterLater(peers.state(receiver).peer(), packet.envelope().message());
  }

  /** A refusal under the ballot of now may count in the next phase, a yes to it as well. */
  private static boolean mayMatterLater(HandPeer peer, Message message) {
    if (message instanceof Reject reject) {
      Inside inside = peer.inside();
      return isCurrent(inside, reject.seq(), reject.ballot())
          && !inside.phase(reject.seq()).equals("waiting");
    } else if (message instanceof Accepted accepted) {
      Inside inside = peer.inside();
      return isCurrent(inside, accepted.seq(), accepted.ballot())
          && inside.phase(accepted.seq()).equals("preparing");
    }
    return false;
  }

  private static boolean isCurrent(Inside inside, long seq, Ballot ballot) {
    return inside.ballot(seq).equals(Optional.of(ballot));
  }

  private int next(int receiver, int number) {
    Packet packet = peers.packets().get(number);
    return peers.step(receiver, new Move(packet.to(), Kind.DELIVER, number)).next();
  }

  /** Nothing to ask any more, and no mark to learn. */
  private boolean isFinished(State asker) {
    return asker.peer().isDown() || (!scenario.isDoneCalled() && asker.isFinished());
  }

  /** Whether {@code peer} will never propose anything again. */
  static boolean isFinished(Scenario scenario, HandPeer peer) {
    return peer.driving() == 0
        && scenario.starts().stream()
            .noneMatch(start -> peer.status(start.seq()).fate() == Fate.PENDING);
  }
}
