package dev.paxoskv.paxos.protocol;

import dev.paxoskv.paxos.protocol.DurableRecord.Decided;
import dev.paxoskv.paxos.protocol.DurableRecord.DoneMark;
import dev.paxoskv.paxos.protocol.DurableRecord.Faulty;
import dev.paxoskv.paxos.protocol.DurableRecord.Floor;
import dev.paxoskv.paxos.protocol.DurableRecord.Promised;
import dev.paxoskv.paxos.protocol.DurableRecord.RangePromised;
import dev.paxoskv.paxos.protocol.DurableRecord.Registered;
import dev.paxoskv.paxos.protocol.DurableRecord.SnapshotMark;
import dev.paxoskv.paxos.protocol.DurableRecord.Voted;
import dev.paxoskv.paxos.protocol.history.Spilled;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a list of durable records adds up to: the state that a peer starts from again. The order of
 * the records matters only to damage; of promises and votes the highest ballot holds, so a record
 * that was copied forward changes nothing. Not thread-safe.
 */
public final class Recovered {

  /** What the disk has lost of an instance. */
  public enum Damage {
    NONE,
    /** A promise; a later promise or vote would be above it. */
    PROMISE,
    /** A vote, and the promise in it; only a later vote would be above both. */
    VOTE
  }

  /**
   * One instance.
   *
   * @param promised highest ballot promised for this instance alone, in a promise or by a vote
   */
  public record Instance(
      Ballot promised, Optional<Vote> vote, Optional<Value> decided, Damage damage) {
    static final Instance EMPTY =
        new Instance(Ballot.ZERO, Optional.empty(), Optional.empty(), Damage.NONE);

    /** Whether the acceptor may say nothing about it. */
    public boolean isFaulty() {
      return damage != Damage.NONE && decided.isEmpty();
    }

    /** The fewest records that add up to this instance. */
    public List<DurableRecord> records(long seq) {
      List<DurableRecord> records = new ArrayList<>();
      if (isFaulty()) {
        records.add(new Faulty(seq));
        return records;
      }
      // The promise first: a crash between the two must not leave a vote that looks like the last.
      if (promised.isAbove(vote.map(Vote::ballot).orElse(Ballot.ZERO))) {
        records.add(new Promised(seq, promised));
      }
      vote.ifPresent(v -> records.add(new Voted(seq, v)));
      decided.ifPresent(value -> {
        boolean isVote = vote.isPresent() && vote.get().value().equals(value);
        records.add(
            new Decided(seq, value.checksum(), isVote ? Optional.empty() : Optional.of(value)));
      });
      return records;
    }

    private Instance promised(Ballot ballot) {
      Damage left = damage == Damage.PROMISE ? Damage.NONE : damage;
      return new Instance(ballot.isAbove(promised) ? ballot : promised, vote, decided, left);
    }

    private Instance voted(Vote next) {
      boolean isOlder = vote.isPresent() && vote.get().ballot().isAbove(next.ballot());
      Ballot highest = next.ballot().isAbove(promised) ? next.ballot() : promised;
      return new Instance(highest, isOlder ? vote : Optional.of(next), decided, Damage.NONE);
    }

    private Instance decided(Decided record) {
      Optional<Value> value = record
          .value()
          .or(() -> vote.map(Vote::value))
          .filter(v -> v.checksum() == record.checksum());
      return value.isEmpty() ? this : new Instance(promised, vote, value, Damage.NONE);
    }

    private Instance damaged(Damage by) {
      if (decided.isPresent()) {
        return this;
      }
      Damage worse = damage == Damage.VOTE ? damage : by;
      // An older vote is no vote to report once a newer one is lost.
      return new Instance(promised, worse == Damage.VOTE ? Optional.empty() : vote, decided, worse);
    }
  }

  private final TreeMap<Long, Instance> instances = new TreeMap<>();
  private final Spilled spilled = new Spilled();
  private final TreeMap<Integer, Long> doneMarks = new TreeMap<>();
  private final TreeMap<Integer, Registered> registered = new TreeMap<>();
  private Ballot rangePromised = Ballot.ZERO;
  private long min;
  private long snapshot = -1;
  private long max = -1;

  /** What {@code records} add up to. */
  public static Recovered of(Collection<? extends DurableRecord> records) {
    Recovered recovered = new Recovered();
    records.forEach(recovered::add);
    return recovered;
  }

  /** One more record. */
  public void add(DurableRecord record) {
    if (record instanceof Promised promised) {
      put(record.seq(), instance(record.seq()).promised(promised.ballot()));
    } else if (record instanceof RangePromised promised) {
      rangePromised = promised.ballot().isAbove(rangePromised) ? promised.ballot() : rangePromised;
    } else if (record instanceof Voted voted) {
      put(record.seq(), instance(record.seq()).voted(voted.vote()));
    } else if (record instanceof Decided decided) {
      put(record.seq(), instance(record.seq()).decided(decided));
    } else if (record instanceof Faulty) {
      damage(record.seq(), Damage.VOTE);
    } else if (record instanceof DoneMark mark) {
      doneMarks.merge(mark.peer(), mark.seq(), Math::max);
    } else if (record instanceof Registered member) {
      registered.put(member.peer(), member);
    } else if (record instanceof Floor) {
      min = Math.max(min, record.seq());
      forget();
    } else if (record instanceof SnapshotMark) {
      snapshot = Math.max(snapshot, record.seq());
      forget();
    }
  }

  private void forget() {
    instances.headMap(floor()).clear();
    spilled.forgetBelow(floor());
  }

  /** The decision stays known, and its value is from now on to be read from the log. */
  public void spill(long seq) {
    instances.remove(seq);
    spilled.add(seq);
  }

  /** A value that was to be read from the log cannot be read any more. */
  public void lose(long seq) {
    spilled.remove(seq);
    damage(seq, Damage.VOTE);
  }

  /** A record of {@code seq} cannot be read any more. */
  public void damage(long seq, Damage damage) {
    put(seq, instance(seq).damaged(damage));
  }

  /**
   * Instances in memory, from the floor up, about which something is recorded; not to be changed.
   */
  public SortedMap<Long, Instance> instances() {
    return Collections.unmodifiableSortedMap(instances);
  }

  /** Instances that are decided, and of which the log alone has the value; not to be changed. */
  public Spilled spilled() {
    return spilled;
  }

  /** The highest ballot promised for all instances at once. */
  public Ballot rangePromised() {
    return rangePromised;
  }

  /** The highest done mark recorded of {@code peer}, or -1. */
  public long doneMark(int peer) {
    return Math.max(min - 1, doneMarks.getOrDefault(peer, -1L));
  }

  public Map<Integer, Long> doneMarks() {
    return Collections.unmodifiableMap(doneMarks);
  }

  /** The newest registration of each member, by index. */
  public Map<Integer, Registered> registered() {
    return Collections.unmodifiableMap(registered);
  }

  /** Every peer is done with everything below. */
  public long min() {
    return min;
  }

  /** The last instance that a durable snapshot covers, or -1. */
  public long snapshot() {
    return snapshot;
  }

  /** Nothing is kept of instances below: their acceptor answers Forgotten. */
  public long floor() {
    return Math.max(min, snapshot + 1);
  }

  /** The highest instance recorded, or -1. */
  public long max() {
    return Math.max(max, floor() - 1);
  }

  private Instance instance(long seq) {
    return instances.getOrDefault(seq, Instance.EMPTY);
  }

  private void put(long seq, Instance instance) {
    max = Math.max(max, seq);
    // Where the decision is known nothing else matters any more.
    if (seq >= floor() && !spilled.has(seq) && !instance.equals(Instance.EMPTY)) {
      instances.put(seq, instance);
    }
  }
}
