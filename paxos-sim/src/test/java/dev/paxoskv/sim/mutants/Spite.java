package dev.paxoskv.sim.mutants;

import dev.paxoskv.paxos.protocol.Message;
import dev.paxoskv.paxos.protocol.Message.Accept;
import dev.paxoskv.paxos.protocol.Message.Accepted;
import dev.paxoskv.paxos.protocol.Message.Decided;
import dev.paxoskv.paxos.protocol.Message.Done;
import dev.paxoskv.paxos.protocol.Message.Prepare;
import java.util.random.RandomGenerator;

/**
 * Losses that chance alone deals out too rarely, for they take just one kind of message: an
 * acceptor that misses a Prepare and yet gets the Accept, an Accept that comes again when its
 * ballot is long past, a peer that hears no news.
 *
 * @param prepareLoss how likely a Prepare is lost
 * @param lateAccepts how likely an Accept comes a second time, later
 * @param lateMicros how much later at most
 * @param successLoss how likely a vote or a decision stays unheard of
 * @param deaf the peer that hears neither of decisions nor of done marks; none if negative
 */
record Spite(
    double prepareLoss, double lateAccepts, long lateMicros, double successLoss, int deaf) {

  /** None, or all of it at once, since most of what it shows takes several kinds together. */
  static Spite of(RandomGenerator dice, int peers) {
    int deaf = dice.nextBoolean() ? -1 : dice.nextInt(peers);
    if (dice.nextInt(3) == 0) {
      return new Spite(0, 0, 1, 0, deaf);
    }
    return new Spite(
        dice.nextDouble(0.7),
        dice.nextDouble(),
        1 + dice.nextLong(400_000),
        dice.nextDouble(0.8),
        deaf);
  }

  boolean isLost(int to, Message message, RandomGenerator dice) {
    if (message instanceof Prepare) {
      return dice.nextDouble() < prepareLoss;
    }
    if (message instanceof Decided || message instanceof Accepted) {
      return to == deaf || dice.nextDouble() < successLoss;
    }
    return to == deaf && message instanceof Done;
  }

  boolean comesAgain(Message message, RandomGenerator dice) {
    return message instanceof Accept && dice.nextDouble() < lateAccepts;
  }
}
