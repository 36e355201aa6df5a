package dev.paxoskv.paxos.host;

import dev.paxoskv.paxos.protocol.DurableRecord;
import dev.paxoskv.paxos.protocol.Envelope;
import dev.paxoskv.paxos.protocol.Message;
import dev.paxoskv.paxos.protocol.Quorum.PeerSet;
import dev.paxoskv.paxos.protocol.Status;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.paxos.protocol.leader.Fitness;
import dev.paxoskv.paxos.protocol.members.Members;
import dev.paxoskv.paxos.protocol.roles.Effect;
import dev.paxoskv.paxos.protocol.roles.Replica;
import dev.paxoskv.paxos.protocol.view.Views;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Runs one {@link Replica} and performs its effects in the only order that is safe:
 *
 * <ol>
 *   <li>ungated sends: the others may work while we write;
 *   <li>append the records, in the order in which they were made;
 *   <li>one sync for all of them, if something waits for it;
 *   <li>gated sends and replies, and our own votes, as far as the journal is durable
 *       ({@link Gate});
 *   <li>apply decided values, in seq order and without gaps, and answer reads from the state;
 *   <li>done.
 * </ol>
 *
 * <p>Inputs may be given one after the other; {@link #flush} then performs everything together. Not
 * thread-safe, and pure: the simulator runs this same class.
 */
public final class Host {

  /** A disk that has not finished a sync for so many ticks is no leader's. */
  private static final int SLOW_TICKS = 30;

  /** And after so many it is said to be stuck: nothing new should be made to wait for it. */
  private static final int STUCK_TICKS = 100;

  private final Replica replica;
  private final Transport transport;
  private final Journal journal;
  private final History history;
  private final Applier applier;
  private final Observer observer;
  private final VotingGate votes;
  private final Gate gate = new Gate();

  /**
   * Without a {@code machine} nothing is applied: the library's application reads decisions itself.
   * With one, applying begins behind what its state covers already.
   */
  public Host(
      Replica replica,
      Transport transport,
      Journal journal,
      Optional<StateMachine> machine,
      Observer observer) {
    this.replica = replica;
    this.transport = transport;
    this.journal = journal;
    this.observer = observer;
    this.history = new History(replica, journal, transport);
    this.applier = new Applier(replica, machine, history, transport);
    this.votes = new VotingGate(replica, journal, observer);
    replica.members().durable(journal.durableTo());
  }

  /** Starts agreement; while this peer may not vote the start waits. */
  public void start(long seq, Value value) {
    votes.start(seq, value);
  }

  /**
   * Has {@code answer} run at a later {@link #flush}, once everything is applied that was decided
   * anywhere before this call. Waits for a majority's answers, and for holes to be filled; for ever
   * if it must. Needs a state machine.
   */
  public void read(Runnable answer) {
    replica.read(answer);
  }

  /** What this peer knows of {@code seq}: at once, or later if that must be read from the disk. */
  public void status(long seq, Consumer<Status> then) {
    history.status(seq, then);
  }

  /** The same at once, but for a value on the disk. */
  public Status status(long seq) {
    return replica.status(seq);
  }

  public void done(long seq) {
    replica.done(seq);
  }

  public long max() {
    return Math.max(replica.max(), votes.max());
  }

  public long min() {
    return replica.min();
  }

  /** The lowest instance whose decision this peer has not learnt. */
  public long firstMissing() {
    return replica.firstMissing();
  }

  /** How many instances this peer drives at the moment, or will once it may. */
  public int driving() {
    return replica.driving() + votes.waiting();
  }

  /** Size of the values that this peer proposes for the instances it drives, in bytes. */
  public long drivingBytes() {
    return replica.drivingBytes() + votes.waitingBytes();
  }

  /** Size of the decided values in memory, in bytes: without a disk, of all that are kept. */
  public long retainedBytes() {
    return replica.retainedBytes();
  }

  /** The peer as it is now, for people. */
  public Views views() {
    return replica.views();
  }

  /** Who leads the group, as far as this peer has heard lately; -1 for nobody. */
  public int leader() {
    return replica.leader();
  }

  /**
   * Who brings to the leader what this peer wants proposed: the leader, or a peer that passes it on
   * to a leader whom this one does not reach. This peer, if it leads; -1 for nobody.
   */
  public int way() {
    return replica.way();
  }

  /**
   * Peers whose disks are full or stuck, if a majority for a new instance could not do without
   * them; else empty. Known only if peers choose a leader.
   */
  public PeerSet inTheWay() {
    return replica.inTheWay();
  }

  public int me() {
    return replica.me();
  }

  /**
   * Asks {@code peer} to propose {@code value} for us, or to pass it on to the leader. It may not,
   * and does not say so.
   */
  public void forward(int peer, Value value) {
    replica.forward(peer, value);
  }

  /** Whether another peer wants something proposed for it. */
  public boolean hasForwarded() {
    return !replica.inbox().isEmpty();
  }

  /** The oldest value that another peer wants proposed; there must be one. */
  public Value takeForwarded() {
    return replica.inbox().take();
  }

  /** Highest instance applied to the state machine, or -1. */
  public long applied() {
    return applier.applied();
  }

  /** Input: a request from another peer; the answer goes to {@code connection}. */
  public void request(int from, Effect.Connection connection, Envelope envelope) {
    Message.Request request = (Message.Request) envelope.message();
    observer.requested(from, request);
    replica.members().told(from, envelope.durable());
    envelope.news().ifPresent(news -> replica.news(from, news));
    if (votes.lets(from, request)) {
      replica.request(from, connection, envelope.done(), request);
    }
  }

  /** Input: another peer's answer to a request of ours. */
  public void answer(int from, Envelope envelope) {
    replica.members().told(from, envelope.durable());
    replica.answer(from, envelope.done(), (Message.Answer) envelope.message());
  }

  /** Input: a request certainly did not get through. */
  public void sendFailed(int peer, Envelope envelope) {
    replica.sendFailed(peer, envelope);
  }

  /**
   * Input: everything up to {@code position} is durable. Takes effect at the next {@link #flush}.
   */
  public void durable(long position) {
    gate.durable(position);
    replica.members().durable(journal.durableTo());
  }

  /** Input: one unit of time has passed. */
  public void tick() {
    gate.tick();
    boolean hasRoom = journal.hasRoom();
    // One that cannot apply cannot end what it has begun, and so begins nothing more.
    boolean applies = !applier.lacksSnapshot() && !replica.pull().isUnderWay();
    boolean mayLead = hasRoom && votes.mayVote() && applies && gate.waitingTicks() < SLOW_TICKS;
    replica.fit(new Fitness(mayLead, hasRoom && gate.waitingTicks() < STUCK_TICKS));
    replica.tick();
  }

  /** Who may take part, this peer included. */
  public Members members() {
    return replica.members();
  }

  /** Performs all effects of the inputs since the last call, and those that became free to go. */
  public void flush() {
    votes.release();
    // Once in any case: a peer that comes back has decisions to apply that are no news.
    do {
      List<Effect> effects = replica.outbox().drain();
      performUngated(effects);
      appendAndSync(effects);
      release();
      applier.apply();
      history.shrink();
    } while (!replica.outbox().isEmpty() || gate.isOpen());
    transport.flush();
  }

  private void performUngated(List<Effect> effects) {
    for (Effect effect : effects) {
      if (!effect.gated()) {
        perform(effect);
      }
    }
  }

  private void appendAndSync(List<Effect> effects) {
    for (Effect effect : effects) {
      if (effect instanceof Effect.Persist persist) {
        append(persist.record());
      } else if (effect instanceof Effect.Decide decide) {
        observer.decided(decide.seq(), decide.value());
      } else if (effect.gated()) {
        gate.add(effect);
      }
    }
    // Behind the votes of this step, so that a value that is that of a vote need not be repeated.
    for (Effect effect : effects) {
      if (effect instanceof Effect.Decide decide) {
        replica.decidedRecord(decide).ifPresent(journal::keep);
      }
    }
    // A record that nobody waits for rides with the next sync.
    if (gate.callsForSync()) {
      journal.sync(this::durable);
    }
  }

  private void append(DurableRecord record) {
    if (record instanceof DurableRecord.Floor) {
      replica.doneRecords().forEach(journal::keep);
    }
    gate.appended(journal.append(record));
  }

  private void release() {
    while (gate.isOpen()) {
      perform(gate.next());
    }
  }

  /** Whatever is not for the journal. */
  private void perform(Effect effect) {
    if (effect instanceof Effect.Send send) {
      transport.send(send.peer(), replica.toSend(send.peer(), send.message()));
    } else if (effect instanceof Effect.Reply reply) {
      transport.reply(reply.to(), replica.toReply(reply.message()));
    } else if (effect instanceof Effect.ToSelf self) {
      replica.answer(replica.me(), -1, self.message());
    } else if (effect instanceof Effect.Read read) {
      applier.answer(read);
    } else if (effect instanceof Effect.ReplyFromJournal reply) {
      history.answer(reply);
    } else if (effect instanceof Effect.OfSnapshot part) {
      applier.perform(part);
    }
  }
}
