package dev.paxoskv.paxos.protocol.roles;

import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.DurableRecord;
import dev.paxoskv.paxos.protocol.Message.Done;
import dev.paxoskv.paxos.protocol.Message.PrepareRange;
import dev.paxoskv.paxos.protocol.Message.Request;
import dev.paxoskv.paxos.protocol.Recovered;
import dev.paxoskv.paxos.protocol.Status;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.paxos.protocol.history.Heap;
import dev.paxoskv.paxos.protocol.history.Spilled;
import dev.paxoskv.paxos.protocol.leader.Election;
import dev.paxoskv.paxos.protocol.leader.Leadership;
import dev.paxoskv.paxos.protocol.leader.ReadIndex;
import dev.paxoskv.paxos.protocol.members.Members;
import dev.paxoskv.paxos.protocol.view.InstanceView;
import dev.paxoskv.paxos.protocol.view.PeerView;
import dev.paxoskv.paxos.protocol.view.Views;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/** The roles of one peer, and what one of them must tell the others. */
final class Roles implements Leadership.Ground, ReadIndex.Ground, Heap.Ground, Views {
  final ReplicaConfig config;
  final Outbox outbox = new Outbox();
  final DoneMarks done;
  final Acceptor acceptor;
  final Leadership leadership;
  final Election election;
  final ReadIndex reads;
  final Proposer proposer;
  final Learner learner;
  final CatchUp catchUp;
  final Registrar registrar;

  /** Highest instance known, or -1. */
  long max = -1;

  Roles(ReplicaConfig config, RandomGenerator dice, Members members) {
    this.config = config;
    this.done = new DoneMarks(config.me(), config.peers());
    Spilled spilled = new Spilled();
    this.acceptor = new Acceptor(outbox, done, spilled);
    this.leadership = new Leadership(config.me(), config.quorum(), this);
    this.election = new Election(config.me(), config.quorum(), leadership, this, dice);
    this.reads = new ReadIndex(config.me(), config.quorum(), leadership, this);
    this.proposer =
        new Proposer(config, outbox, acceptor, new Retry(dice), Optional.of(leadership));
    this.learner = new Learner(outbox, done, spilled);
    this.catchUp = new CatchUp(config, outbox, learner);
    this.registrar = new Registrar(config.me(), outbox, members);
  }

  @Override
  public Ballot nextBallot() {
    return proposer.nextBallot();
  }

  @Override
  public void ask(int peer, Request request) {
    outbox.send(peer, request);
  }

  @Override
  public void tell(int peer, Request request) {
    // Ungated: who leads is no promise.
    outbox.sendUngated(peer, request);
  }

  @Override
  public void askSelf(PrepareRange request) {
    outbox.toSelf(acceptor.onPrepareRange(request, learner.decided()));
  }

  @Override
  public long accepted(Ballot except) {
    return acceptor.accepted(except);
  }

  @Override
  public void answer(long index, List<Runnable> answers) {
    // Whoever fills holes does so up to there.
    seen(index);
    outbox.read(index, answers);
  }

  @Override
  public long firstMissing() {
    return learner.firstMissing();
  }

  @Override
  public void propose(long seq, Value value) {
    if (seq >= done.floor() && !learner.isDecided(seq)) {
      seen(seq);
      proposer.start(seq, value);
    }
  }

  @Override
  public PeerView peer() {
    return new PeerView(
        acceptor.promised(),
        proposer.highestRound(),
        leadership.isLeading() ? Optional.of(leadership.ballot()) : Optional.empty(),
        election.answering(),
        done.all(),
        done.floor(),
        acceptor.faulty());
  }

  @Override
  public InstanceView instance(long seq) {
    return new InstanceView(
        seq,
        status(seq),
        acceptor.promised(seq),
        acceptor.vote(seq),
        acceptor.abstains(seq),
        proposer.proposal(seq).map(Proposal::view));
  }

  Status status(long seq) {
    if (seq < done.floor()) {
      return Status.FORGOTTEN;
    } else if (isSpilled(seq)) {
      return Status.SPILLED;
    }
    return learner.value(seq).map(Status::decided).orElse(Status.PENDING);
  }

  @Override
  public long heapBytes() {
    return learner.weight();
  }

  @Override
  public OptionalLong nextInMemory(long seq) {
    return learner.nextInMemory(seq);
  }

  @Override
  public boolean isSpilled(long seq) {
    return learner.isDecided(seq) && learner.value(seq).isEmpty();
  }

  @Override
  public void spill(long seq) {
    learner.spill(seq);
    acceptor.spill(seq);
  }

  @Override
  public void lose(long seq) {
    learner.lose(seq);
    acceptor.lose(seq);
  }

  /** Somebody uses {@code ballot} for all instances. */
  void seenEverywhere(Ballot ballot) {
    proposer.observe(ballot);
    leadership.yieldTo(ballot);
  }

  /** What was decided goes to the others with a message of its own, nothing else being due. */
  void tellNews() {
    for (int peer = 0; peer < config.peers(); peer++) {
      if (peer != config.me() && leadership.callsForNews(peer)) {
        // Ungated: a decision rests on a majority's durable votes.
        outbox.sendUngated(peer, new Done());
      }
    }
  }

  /** Some peer has proposed or decided in {@code seq}. */
  void seen(long seq) {
    max = Math.max(max, seq);
  }

  /** Some peer uses {@code ballot} in {@code seq}. */
  void seen(long seq, Ballot ballot) {
    seen(seq);
    proposer.observe(ballot);
  }

  /** {@code value} is decided: nobody need drive the instance any more. */
  @Override
  public void learn(long seq, Value value) {
    if (seq >= done.floor()) {
      seen(seq);
      learner.decide(seq, value);
      acceptor.mend(seq);
      proposer.stop(seq);
    }
  }

  /** Takes up what the journal kept. */
  void recover(Recovered recovered) {
    done.recover(recovered);
    acceptor.recover(recovered);
    learner.recover(recovered);
    seen(recovered.max());
    proposer.observe(recovered.rangePromised());
    recovered.instances().values().forEach(instance -> proposer.observe(instance.promised()));
  }

  void snapshotTaken(long seq) {
    if (done.raiseFloor(seq + 1)) {
      seen(seq);
      outbox.persist(new DurableRecord.SnapshotMark(seq));
      forget();
    }
  }

  private void forget() {
    acceptor.forget();
    learner.forget();
    proposer.forgetBelow(done.floor());
  }

  /** A done mark came in; when the lowest rises, everything below is forgotten. */
  void raiseDone(int peer, long mark) {
    long before = done.min();
    if (done.raise(peer, mark) && done.min() > before) {
      outbox.persist(new DurableRecord.Floor(done.min()));
      forget();
    }
  }
}
