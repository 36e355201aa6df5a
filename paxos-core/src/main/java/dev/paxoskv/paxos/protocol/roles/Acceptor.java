package dev.paxoskv.paxos.protocol.roles;

import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.DurableRecord;
import dev.paxoskv.paxos.protocol.Invariants;
import dev.paxoskv.paxos.protocol.Message;
import dev.paxoskv.paxos.protocol.Message.Accept;
import dev.paxoskv.paxos.protocol.Message.Accepted;
import dev.paxoskv.paxos.protocol.Message.Forgotten;
import dev.paxoskv.paxos.protocol.Message.Prepare;
import dev.paxoskv.paxos.protocol.Message.PrepareRange;
import dev.paxoskv.paxos.protocol.Message.Promise;
import dev.paxoskv.paxos.protocol.Message.RangePromise;
import dev.paxoskv.paxos.protocol.Message.Reject;
import dev.paxoskv.paxos.protocol.Message.Report;
import dev.paxoskv.paxos.protocol.Recovered;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.paxos.protocol.Vote;
import dev.paxoskv.paxos.protocol.history.Spilled;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The memory of Paxos, one entry per instance ("Paxos Made Simple", section 2.2, P1a; the seed's
 * acceptor).
 *
 * <p>Guarantees: once it has promised a ballot it answers nothing below it, and what it accepted at
 * the highest ballot so far is in every later promise. So a proposer that hears a majority hears of
 * every value that may be chosen.
 *
 * <p>Remembers, durably: the promised ballot (n_p) and the vote (n_a, v_a). The two are kept apart:
 * a promise at 5 says nothing about what was accepted at 3. Besides, one promise for all instances,
 * so that somebody who proposes in many need not ask in each; of the two the higher one counts.
 *
 * <p>Returns its answer; the caller sends it, gated, because an answer must not leave before the
 * record behind it is durable. Below the floor it answers Forgotten and changes nothing: "nothing
 * accepted" would be a lie there, and a late Accept could decide a second value. For the same
 * reason it abstains, that is, answers nothing at all, in an instance whose vote the disk has lost,
 * until the decision is learnt from others.
 */
final class Acceptor {

  private record Entry(Ballot promised, Optional<Vote> vote) {
    static final Entry EMPTY = new Entry(Ballot.ZERO, Optional.empty());
  }

  /** The highest instance accepted in: at all, and under another ballot than the one for all. */
  private static final class Reach {
    long highest = -1;
    long foreign = -1;
  }

  private final Outbox outbox;
  private final DoneMarks done;
  private final TreeMap<Long, Entry> entries = new TreeMap<>();
  private final TreeSet<Long> faulty = new TreeSet<>();
  private final Spilled spilled;
  private final Reach reach = new Reach();
  private Ballot range = Ballot.ZERO;

  Acceptor(Outbox outbox, DoneMarks done, Spilled spilled) {
    this.outbox = outbox;
    this.done = done;
    this.spilled = spilled;
  }

  /** Takes up what the journal kept. */
  void recover(Recovered recovered) {
    range = recovered.rangePromised();
    recovered.instances().forEach((seq, instance) -> {
      entries.put(seq, new Entry(instance.promised(), instance.vote()));
      if (instance.isFaulty()) {
        faulty.add(seq);
      }
      // Where a vote is lost, or has become a decision, there was one, of whatever ballot.
      boolean isLost = instance.isFaulty() || instance.decided().isPresent();
      if (isLost || instance.vote().isPresent()) {
        accepted(seq, isLost ? Ballot.ZERO : instance.vote().orElseThrow().ballot());
      }
    });
    accepted(recovered.spilled().end() - 1, Ballot.ZERO);
  }

  /** Whether it answers neither Prepare nor Accept: what it once said is not in memory. */
  boolean abstains(long seq) {
    return faulty.contains(seq) || spilled.has(seq);
  }

  /** The value of a decided instance is not in memory any more, and so is the vote for it. */
  void spill(long seq) {
    entries.remove(seq);
  }

  /** It was spilled, and the disk has lost it. */
  void lose(long seq) {
    faulty.add(seq);
  }

  int faulty() {
    return faulty.size();
  }

  /** The decision of {@code seq} is known, so nobody will miss what was lost. */
  void mend(long seq) {
    faulty.remove(seq);
  }

  Message.Answer onPrepare(Prepare prepare) {
    long seq = prepare.seq();
    Ballot ballot = prepare.ballot();
    checkMaySpeak(seq);
    if (seq < done.floor()) {
      return new Forgotten(seq, done.all());
    }
    Entry entry = entry(seq);
    if (ballot.isAbove(promised(entry))) {
      put(seq, ballot, entry.vote);
      outbox.persist(new DurableRecord.Promised(seq, ballot));
      return new Promise(seq, ballot, entry.vote);
    }
    // The same Prepare again, its answer having been lost. Nothing was accepted at this ballot, so
    // the first answer still holds; its record was appended then, and the gate waits for it.
    if (ballot.equals(entry.promised) && !range.isAbove(ballot) && !hasVotedAt(seq, ballot)) {
      return new Promise(seq, ballot, entry.vote);
    }
    return reject(seq, ballot, entry);
  }

  /**
   * A promise for all instances, though what was accepted is told from one instance on: promising
   * more than was asked costs somebody another try at most. At the ballot promised already it is
   * the same question again, or for the next page.
   */
  Message.Answer onPrepareRange(PrepareRange prepare, NavigableMap<Long, Value> decided) {
    Ballot ballot = prepare.ballot();
    if (range.isAbove(ballot)) {
      return new Reject(prepare.from(), ballot, range, true);
    }
    if (ballot.isAbove(range)) {
      range = ballot;
      reach.foreign = reach.highest;
      outbox.persist(new DurableRecord.RangePromised(ballot));
    }
    return page(ballot, Math.max(prepare.from(), Math.max(done.floor(), spilled.end())), decided);
  }

  /**
   * Of the instances below the floor it says nothing, as of those behind its end; nor of those up
   * to the last whose value was spilled, since it would have to be read. What was accepted under
   * {@code ballot} or above since the promise is no part of it any more.
   */
  private RangePromise page(Ballot ballot, long first, NavigableMap<Long, Value> decided) {
    List<Report> reports = new ArrayList<>();
    long bytes = 0;
    Optional<Long> next = nextOf(first, decided);
    while (next.isPresent()) {
      long seq = next.get();
      Optional<Report> report = report(seq, ballot, Optional.ofNullable(decided.get(seq)));
      bytes += report.map(Acceptor::size).orElse(0);
      boolean isFull =
          bytes > Learner.FETCHED_BYTES_MAX || reports.size() == Learner.FETCHED_ENTRIES_MAX;
      if (report.isPresent() && isFull && !reports.isEmpty()) {
        return new RangePromise(ballot, first, seq, reports);
      }
      report.ifPresent(reports::add);
      next = nextOf(seq + 1, decided);
    }
    return new RangePromise(ballot, first, Long.MAX_VALUE, reports);
  }

  /** The lowest instance from {@code first} on that there may be something to say about. */
  private Optional<Long> nextOf(long first, NavigableMap<Long, Value> decided) {
    return Stream.of(
            Optional.ofNullable(entries.ceilingKey(first)),
            Optional.ofNullable(faulty.ceiling(first)),
            Optional.ofNullable(decided.ceilingKey(first)))
        .flatMap(Optional::stream)
        .min(Long::compare);
  }

  private Optional<Report> report(long seq, Ballot ballot, Optional<Value> decided) {
    Entry entry = entry(seq);
    if (decided.isPresent()) {
      return Optional.of(new Report(seq, Optional.empty(), decided));
    } else if (faulty.contains(seq) || entry.promised.isAtLeast(ballot)) {
      return Optional.of(new Report(seq, Optional.empty(), Optional.empty()));
    }
    return entry.vote.map(vote -> new Report(seq, Optional.of(vote), Optional.empty()));
  }

  private static int size(Report report) {
    Optional<Value> value = report.decided().or(() -> report.vote().map(Vote::value));
    return value.map(Value::size).orElse(0);
  }

  Message.Answer onAccept(Accept accept) {
    long seq = accept.seq();
    Ballot ballot = accept.ballot();
    checkMaySpeak(seq);
    if (seq < done.floor()) {
      return new Forgotten(seq, done.all());
    }
    Entry entry = entry(seq);
    if (!ballot.isAtLeast(promised(entry))) {
      return reject(seq, ballot, entry);
    }
    if (hasVotedAt(seq, ballot)) {
      Value voted = entry.vote.orElseThrow().value();
      Invariants.check(
          voted.equals(accept.value()),
          () -> "two values at ballot " + ballot + " of instance " + seq + ": " + voted + " and "
              + accept.value());
      return new Accepted(seq, ballot);
    }
    accepted(seq, ballot);
    Vote vote = new Vote(ballot, accept.value());
    put(seq, ballot, Optional.of(vote));
    outbox.persist(new DurableRecord.Voted(seq, vote));
    return new Accepted(seq, ballot);
  }

  private void accepted(long seq, Ballot ballot) {
    reach.highest = Math.max(reach.highest, seq);
    reach.foreign = ballot.equals(range) ? reach.foreign : Math.max(reach.foreign, seq);
  }

  /**
   * How far up it has ever accepted anything, but for what it accepted under {@code except}; rather
   * too far than not far enough. Of what it has forgotten all counts. No answer of one that may not
   * vote: that knows nothing of what it once said.
   */
  long accepted(Ballot except) {
    boolean isOfRange = except.isAbove(Ballot.ZERO) && except.equals(range);
    return Math.max(done.floor() - 1, isOfRange ? reach.foreign : reach.highest);
  }

  /** The value accepted at exactly {@code ballot}, if there is one. */
  Optional<Value> valueAt(long seq, Ballot ballot) {
    return entry(seq).vote.filter(vote -> vote.ballot().equals(ballot)).map(Vote::value);
  }

  boolean hasVotedFor(long seq, Value value) {
    return entry(seq).vote.filter(vote -> vote.value().equals(value)).isPresent();
  }

  Ballot promised() {
    return range;
  }

  Ballot promised(long seq) {
    return promised(entry(seq));
  }

  Optional<Vote> vote(long seq) {
    return entry(seq).vote;
  }

  /** Frees the memory of every instance below the floor. */
  void forget() {
    entries.headMap(done.floor()).clear();
    faulty.headSet(done.floor()).clear();
  }

  private void checkMaySpeak(long seq) {
    Invariants.check(
        !abstains(seq), () -> "the vote of instance " + seq + " is lost, but it was asked for");
  }

  private boolean hasVotedAt(long seq, Ballot ballot) {
    return valueAt(seq, ballot).isPresent();
  }

  private Reject reject(long seq, Ballot ballot, Entry entry) {
    return new Reject(seq, ballot, promised(entry), range.isAbove(ballot));
  }

  /** What counts in an instance: the promise made for it, or the one for all. */
  private Ballot promised(Entry entry) {
    return range.isAbove(entry.promised) ? range : entry.promised;
  }

  private Entry entry(long seq) {
    return entries.getOrDefault(seq, Entry.EMPTY);
  }

  private void put(long seq, Ballot promised, Optional<Vote> vote) {
    Entry old = entry(seq);
    Invariants.check(
        promised.isAtLeast(promised(old)),
        () -> "promise of instance " + seq + " falls from " + promised(old) + " to " + promised);
    entries.put(seq, new Entry(promised, vote));
  }
}
