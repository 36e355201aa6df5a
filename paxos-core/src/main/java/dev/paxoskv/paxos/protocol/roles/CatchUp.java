package dev.paxoskv.paxos.protocol.roles;

import dev.paxoskv.paxos.protocol.Message.Fetch;
import dev.paxoskv.paxos.protocol.Message.Fetched;

/**
 * Anti-entropy: asks the others in turn for decisions that this peer missed, in bounded pieces,
 * without waiting for new work to reveal the gap. Only a store does this; in the library an idle
 * peer is silent.
 */
final class CatchUp {
  private final ReplicaConfig config;
  private final Outbox outbox;
  private final Learner learner;
  private int lastAsked;
  private long dueTick;

  CatchUp(ReplicaConfig config, Outbox outbox, Learner learner) {
    this.config = config;
    this.outbox = outbox;
    this.learner = learner;
    this.lastAsked = config.me();
  }

  void tick(long now) {
    if (config.catchUpTicks() == 0 || config.peers() == 1 || now < dueTick) {
      return;
    }
    dueTick = now + config.catchUpTicks();
    lastAsked = (lastAsked + 1) % config.peers();
    if (lastAsked == config.me()) {
      lastAsked = (lastAsked + 1) % config.peers();
    }
    ask(lastAsked);
  }

  /** Asks {@code peer} out of turn. */
  void askNow(int peer) {
    if (config.catchUpTicks() > 0) {
      ask(peer);
    }
  }

  /**
   * A piece that helped is followed by the next at once, until we have all that the other knows.
   */
  void onFetched(int from, Fetched fetched, boolean hasHelped) {
    if (config.catchUpTicks() > 0 && hasHelped && learner.firstMissing() <= fetched.max()) {
      ask(from);
    }
  }

  private void ask(int peer) {
    // Ungated: a question promises nothing.
    outbox.sendUngated(peer, new Fetch(learner.firstMissing(), learner.lastMissing()));
  }
}
