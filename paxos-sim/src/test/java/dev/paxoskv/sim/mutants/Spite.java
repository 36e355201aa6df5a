package dev.paxoskv.sim.mutants;

import dev.paxoskv.paxos.protocol.Message;
import dev.paxoskv.paxos.protocol.Message.Accept;
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
 * @param deaf the peer that hears neither of decisions nor of done marks; none if negative
 */
record Spite(double prepareLoss, double lateAccepts, long lateMicros, int deaf) {

  /** As bad as {@code dice} will, which is often not at all. */
  static Spite of(RandomGenerator dice, int peers) {
    return new Spite(
        dice.nextBoolean() ? 0 : dice.nextDouble(0.7),
        dice.nextBoolean() ? 0 : dice.nextDouble(),
        1 + dice.nextLong(400_000),
        dice.nextBoolean() ? -1 : dice.nextInt(peers));
  }

  boolean isLost(int to, Message message, RandomGenerator dice) {
    if (message instanceof Prepare) {
      return dice.nextDouble() < prepareLoss;
    }
    return to == deaf && (message instanceof Decided || message instanceof Done);
  }

  boolean comesAgain(Message message, RandomGenerator dice) {
    return message instanceof Accept && dice.nextDouble() < lateAccepts;
  }
}
