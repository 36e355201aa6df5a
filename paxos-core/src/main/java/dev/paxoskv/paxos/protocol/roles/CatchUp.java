package dev.paxoskv.paxos.protocol.roles;

import dev.paxoskv.paxos.protocol.Message.Fetch;
import dev.paxoskv.paxos.protocol.Message.Fetched;
import dev.paxoskv.paxos.protocol.Message.Request;
import dev.paxoskv.paxos.protocol.Talk.Piece;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.paxos.protocol.history.Reminders;
import dev.paxoskv.paxos.protocol.transfer.SnapshotPull;
import java.util.Optional;

/**
 * Anti-entropy: asks the others in turn for decisions that this peer missed, in bounded pieces,
 * without waiting for new work to reveal the gap. What they have forgotten it gets in a snapshot of
 * theirs. Only a store does this; in the library an idle peer is silent, but for what it could not
 * say or was not answered.
 */
final class CatchUp implements SnapshotPull.Ground, Reminders.Ground {
  private final ReplicaConfig config;
  private final Outbox outbox;
  private final Learner learner;
  private final SnapshotPull pull;
  private final Reminders reminders;
  private long applied = -1;
  private int lastAsked;
  private long dueTick;

  CatchUp(ReplicaConfig config, Outbox outbox, Learner learner) {
    this.config = config;
    this.outbox = outbox;
    this.learner = learner;
    this.pull = new SnapshotPull(this, config.pieceBytes());
    this.reminders = new Reminders(this, config.peers(), config.catchUpTicks() == 0);
    this.lastAsked = config.me();
  }

  /** The own state covers everything up to {@code seq}, and needs none of it any more. */
  void applied(long seq) {
    applied = seq;
  }

  SnapshotPull pull() {
    return pull;
  }

  /** What is said again, since it certainly was not heard. */
  Reminders reminders() {
    return reminders;
  }

  @Override
  public long floor() {
    return learner.floor();
  }

  @Override
  public boolean isDecided(long seq) {
    return learner.isDecided(seq);
  }

  @Override
  public Optional<Value> decided(long seq) {
    return learner.value(seq);
  }

  /** Above what is applied, the lowest instance whose decision is not known. */
  long firstMissing() {
    return learner.firstMissing(applied + 1);
  }

  /** Whether instances are forgotten that the state does not cover, as its snapshot is lost. */
  private boolean lacksSnapshot() {
    return applied + 1 < learner.floor();
  }

  @Override
  public long needed() {
    return lacksSnapshot() ? learner.floor() - 1 : firstMissing();
  }

  /**
   * Who has forgotten an instance that not every peer is done with has a snapshot that covers it.
   */
  void onForgotten(int from, long seq) {
    if (config.catchUpTicks() > 0 && seq >= firstMissing()) {
      pull.offered(from);
    }
  }

  @Override
  public void tell(int peer, Request request) {
    // Ungated: a question promises nothing, and a decision rests on a majority's durable votes.
    outbox.sendUngated(peer, request);
  }

  @Override
  public void write(Piece piece) {
    outbox.snapshot(new Effect.WritePiece(piece));
  }

  @Override
  public void install(Piece last) {
    outbox.snapshot(new Effect.Install(last));
  }

  void tick(long now) {
    pull.tick(now);
    reminders.tick(now);
    if (config.catchUpTicks() == 0 || config.peers() == 1 || now < dueTick) {
      return;
    }
    dueTick = now + config.catchUpTicks();
    lastAsked = (lastAsked + 1) % config.peers();
    if (lastAsked == config.me()) {
      lastAsked = (lastAsked + 1) % config.peers();
    }
    ask(lastAsked);
    if (lacksSnapshot()) {
      pull.offered(lastAsked);
    }
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
    if (config.catchUpTicks() > 0 && hasHelped && firstMissing() <= fetched.max()) {
      ask(from);
    }
  }

  private void ask(int peer) {
    // Ungated: a question promises nothing.
    long missing = firstMissing();
    outbox.sendUngated(peer, new Fetch(missing, learner.lastMissing(missing)));
  }
}
