package dev.paxoskv.paxos.protocol.roles;

import dev.paxoskv.paxos.protocol.DurableRecord;
import dev.paxoskv.paxos.protocol.Envelope;
import dev.paxoskv.paxos.protocol.Member;
import dev.paxoskv.paxos.protocol.Message;
import dev.paxoskv.paxos.protocol.Message.Accept;
import dev.paxoskv.paxos.protocol.Message.Done;
import dev.paxoskv.paxos.protocol.Message.Prepare;
import dev.paxoskv.paxos.protocol.Quorum.PeerSet;
import dev.paxoskv.paxos.protocol.Recovered;
import dev.paxoskv.paxos.protocol.Status;
import dev.paxoskv.paxos.protocol.Talk;
import dev.paxoskv.paxos.protocol.Talk.News;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.paxos.protocol.history.Heap;
import dev.paxoskv.paxos.protocol.leader.Fitness;
import dev.paxoskv.paxos.protocol.leader.Inbox;
import dev.paxoskv.paxos.protocol.members.Members;
import dev.paxoskv.paxos.protocol.transfer.SnapshotPull;
import dev.paxoskv.paxos.protocol.view.Views;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * One Paxos peer: the library's verbs, and what it does with each message. Routes between the roles
 * and decides nothing itself. A pure object: inputs are method calls, outputs are the effects in
 * {@link #outbox}, time is the number of {@link #tick} calls, and the dice are given. Not
 * thread-safe; {@code host.Host} is its only caller in production and in the simulator.
 */
public final class Replica {
  private final Roles roles;
  private final RequestRoutes requests;
  private final AnswerRoutes answers;
  private final Heap heap;
  private long now;
  private Fitness fitness = new Fitness(true, true);

  /** A peer in memory. */
  public Replica(ReplicaConfig config, RandomGenerator dice) {
    this(
        config,
        dice,
        new Members(config.me(), config.peers(), Member.inMemory(config.incarnation(), "")),
        new Recovered());
  }

  /**
   * Makes a peer that has nothing to say yet.
   *
   * @param members shared with the network, which asks it about greetings
   * @param recovered what its journal kept, which must be durable
   */
  public Replica(ReplicaConfig config, RandomGenerator dice, Members members, Recovered recovered) {
    this.roles = new Roles(config, dice, members);
    roles.recover(recovered);
    this.requests = new RequestRoutes(roles);
    this.answers = new AnswerRoutes(roles);
    this.heap = new Heap(roles, config.heapBytes());
  }

  /**
   * Starts agreement on {@code seq}. Ignored if it is forgotten, decided, or being driven by this
   * peer already.
   */
  public void start(long seq, Value value) {
    if (seq < floor()) {
      return;
    }
    roles.seen(seq);
    if (!roles.learner.isDecided(seq)) {
      roles.proposer.start(seq, value);
    }
  }

  /** Has {@code answer} run once the state holds all that was decided before this call. */
  public void read(Runnable answer) {
    roles.reads.read(answer);
  }

  /** Asks for all reads that wait; one that may not vote must not, since its own answer counts. */
  public void askForReads() {
    roles.reads.ask();
  }

  /** What this peer knows, but for values that were spilled; asks nobody. */
  public Status status(long seq) {
    return roles.status(seq);
  }

  /** This peer as it is now, for people. */
  public Views views() {
    return roles;
  }

  /** The application needs nothing up to {@code seq} any more; a lower mark later is harmless. */
  public void done(long seq) {
    roles.raiseDone(roles.config.me(), seq);
  }

  /** Highest instance known, or -1. */
  public long max() {
    return roles.max;
  }

  /** Every peer is done with all instances below. */
  public long min() {
    return roles.done.min();
  }

  /** Instances below are forgotten: all are done with them, or a snapshot of ours covers them. */
  public long floor() {
    return roles.done.floor();
  }

  /** How many instances this peer is driving and has not learnt a decision for. */
  public int driving() {
    return roles.proposer.driving();
  }

  /** Size of the values that this peer proposes for those, in bytes. */
  public long drivingBytes() {
    return roles.proposer.drivingBytes();
  }

  /** The lowest instance, not below the floor, whose decision this peer has not learnt. */
  public long firstMissing() {
    return roles.learner.firstMissing();
  }

  /** Instances about which the acceptor says nothing, because the disk has lost its vote. */
  public int faulty() {
    return roles.acceptor.faulty();
  }

  /** A durable snapshot covers all up to {@code seq}: it is forgotten, whoever is not done yet. */
  public void snapshotTaken(long seq) {
    roles.snapshotTaken(seq);
  }

  /**
   * That of another peer is durable here: once its mark is, too, the state becomes what is in it.
   */
  public void snapshotInstalled(long seq) {
    roles.snapshotTaken(seq);
    roles.outbox.snapshot(new Effect.Adopt(seq));
  }

  /** The state covers everything up to {@code seq}. */
  public void applied(long seq) {
    roles.catchUp.applied(seq);
  }

  /** The fetching of another peer's snapshot. */
  public SnapshotPull pull() {
    return roles.catchUp.pull();
  }

  /**
   * What to keep of a decision, so that it need not be learnt again after a restart; nothing if it
   * has been forgotten since.
   */
  public Optional<DurableRecord> decidedRecord(Effect.Decide decide) {
    long seq = decide.seq();
    if (seq < roles.done.floor()) {
      return Optional.empty();
    }
    Value value = decide.value();
    boolean isVoted = roles.acceptor.hasVotedFor(seq, value);
    return Optional.of(new DurableRecord.Decided(
        seq, value.checksum(), isVoted ? Optional.empty() : Optional.of(value)));
  }

  /** The done marks of all peers, to be kept before anything below the lowest is thrown away. */
  public List<DurableRecord> doneRecords() {
    return roles.done.records();
  }

  /** Size of the decided values in memory. */
  public long retainedBytes() {
    return roles.learner.bytes();
  }

  /** Which decided values are in memory. */
  public Heap heap() {
    return heap;
  }

  /** News that came with a request of {@code from}, to be given before it. */
  public void news(int from, News news) {
    requests.onNews(from, news);
  }

  /** A request came in from {@code from}; answers go to {@code connection}. */
  public void request(
      int from, Effect.Connection connection, long doneMark, Message.Request message) {
    roles.raiseDone(from, doneMark);
    roles.outbox.answering(Optional.of(connection));
    message.deliver(from, requests);
    roles.outbox.answering(Optional.empty());
  }

  /** An answer to one of our requests came in, from another peer or from our own roles.acceptor. */
  public void answer(int from, long doneMark, Message.Answer message) {
    roles.raiseDone(from, doneMark);
    message.deliver(from, answers);
  }

  /** A request of ours, and what went with it, certainly did not reach {@code peer}. */
  public void sendFailed(int peer, Envelope sent) {
    roles.done.notTold(peer, now);
    roles.catchUp.reminders().notTold(peer, sent);
    if (sent.message() instanceof Prepare prepare) {
      roles.proposer.prepareFailed(peer, prepare);
    } else if (sent.message() instanceof Accept accept) {
      roles.proposer.acceptFailed(peer, accept);
    }
  }

  /** What this peer is good for from the next tick on. */
  public void fit(Fitness now) {
    fitness = now;
  }

  /** Peers with full or stuck disks, if a write might have to wait for one of them. */
  public PeerSet inTheWay() {
    return roles.election.inTheWay();
  }

  /** Who leads, as far as this peer has heard lately; -1 for nobody. */
  public int leader() {
    return roles.election.leader();
  }

  /** What other peers want proposed for them. */
  public Inbox inbox() {
    return roles.leadership.inbox();
  }

  /** Who brings to the leader what this peer wants proposed, itself included; -1 for nobody. */
  public int way() {
    return roles.election.way();
  }

  /** Asks {@code peer} to propose {@code value} for us, in whatever instance, or to pass it on. */
  public void forward(int peer, Value value) {
    roles.tell(peer, new Talk.Forward(value, true));
  }

  /** Time passes by one unit. */
  public void tick() {
    now++;
    roles.leadership.tick(now);
    if (roles.config.leads()) {
      roles.election.tick(now, fitness);
    }
    roles.reads.tick(now);
    roles.tellNews();
    roles.proposer.tick(now);
    roles.registrar.tick(now);
    roles.catchUp.tick(now);
    for (int peer = 0; peer < roles.config.peers(); peer++) {
      if (roles.done.leavesAlone(peer, now)) {
        // Ungated: forgetting early is never asked of anyone because of an unsynced mark of ours.
        roles.outbox.sendUngated(peer, new Done());
      }
    }
  }

  /** Puts our done mark, and a leader's news, on a request that is leaving for {@code peer}. */
  public Envelope toSend(int peer, Message.Request message) {
    roles.done.told(peer);
    // Only what goes out often, so that whoever hears of other requests finds them as they were.
    boolean takesNews = message instanceof Accept || message instanceof Done;
    Optional<News> news = takesNews ? roles.leadership.takeNews(peer) : Optional.empty();
    return new Envelope(roles.done.own(), members().durable(), message, news);
  }

  /** Puts our done mark on an answer. */
  public Envelope toReply(Message.Answer message) {
    return new Envelope(roles.done.own(), members().durable(), message);
  }

  public int me() {
    return roles.config.me();
  }

  /** Who may take part, this peer included. */
  public Members members() {
    return roles.registrar.members();
  }

  public Outbox outbox() {
    return roles.outbox;
  }
}
