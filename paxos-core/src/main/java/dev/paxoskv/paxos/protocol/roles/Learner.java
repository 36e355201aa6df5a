package dev.paxoskv.paxos.protocol.roles;

import dev.paxoskv.paxos.protocol.Invariants;
import dev.paxoskv.paxos.protocol.Message.Entry;
import dev.paxoskv.paxos.protocol.Message.Fetch;
import dev.paxoskv.paxos.protocol.Recovered;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.paxos.protocol.history.Spilled;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Remembers decided values and hands them on ("Paxos Made Simple", section 2.3).
 *
 * <p>Guarantees: a decided instance never changes its value. It believes whoever calls
 * {@link #decide}: a proposer that counted a majority, or news from a peer that did.
 *
 * <p>Remembers: the decided value per instance from the floor upwards, and the first instance above
 * it that it misses. Nothing of it need be durable: what a majority accepted can be learnt again.
 * What the journal kept all the same spares that work. Values that are only in the journal any more
 * are spilled: that they are decided is remembered here, and nothing else.
 */
final class Learner {

  /** One answer to Fetch carries at most this much, but always one entry. */
  static final int FETCHED_BYTES_MAX = 1 << 20;

  /** And at most this many entries, however small. */
  static final int FETCHED_ENTRIES_MAX = 1024;

  private final Outbox outbox;
  private final DoneMarks done;
  private final TreeMap<Long, Value> decided = new TreeMap<>();
  private final Spilled spilled;
  private long firstMissing;
  private long bytes;

  Learner(Outbox outbox, DoneMarks done, Spilled spilled) {
    this.outbox = outbox;
    this.done = done;
    this.spilled = spilled;
  }

  /** Takes up what the journal kept. */
  void recover(Recovered recovered) {
    recovered
        .instances()
        .forEach((seq, instance) -> instance.decided().ifPresent(value -> {
          decided.put(seq, value);
          bytes += value.size();
        }));
    spilled.addAll(recovered.spilled());
    firstMissing = recovered.floor();
    advance();
  }

  /** Returns whether this was news. Below the floor it is not: the instance is forgotten. */
  boolean decide(long seq, Value value) {
    if (seq < done.floor() || spilled.has(seq)) {
      return false;
    }
    Value known = decided.putIfAbsent(seq, value);
    if (known != null) {
      Invariants.check(
          known.equals(value),
          () -> "instance " + seq + " decided twice: " + known + ", then " + value);
      return false;
    }
    bytes += value.size();
    outbox.decide(seq, value);
    advance();
    return true;
  }

  /** Whether the decision is known, though the value may be only in the journal. */
  boolean isDecided(long seq) {
    return decided.containsKey(seq) || spilled.has(seq);
  }

  /** The decided value, if it is in memory. */
  Optional<Value> value(long seq) {
    return Optional.ofNullable(decided.get(seq));
  }

  /** All that is in memory; not to be changed. */
  NavigableMap<Long, Value> decided() {
    return Collections.unmodifiableNavigableMap(decided);
  }

  /** Nothing is known below. */
  long floor() {
    return done.floor();
  }

  /** The lowest instance, not below the floor, whose decision this peer has not learnt. */
  long firstMissing() {
    return firstMissing;
  }

  /** The lowest instance from {@code first} on whose decision this peer has not learnt. */
  long firstMissing(long first) {
    long missing = Math.max(first, firstMissing);
    while (isDecided(missing)) {
      missing = spilled.has(missing) ? spilled.endFrom(missing) : missing + 1;
    }
    return missing;
  }

  /** The end of the gap that begins at {@code missing}; open if nothing above it is known. */
  long lastMissing(long missing) {
    Long known = decided.higherKey(missing);
    long above = Math.min(spilled.above(missing), known == null ? Long.MAX_VALUE : known);
    return above == Long.MAX_VALUE ? above : above - 1;
  }

  /** What of the range is to be read from the journal; nothing if it does not begin with that. */
  Optional<Fetch> spilledOf(Fetch fetch) {
    return spilled.has(fetch.first())
        ? Optional.of(
            new Fetch(fetch.first(), Math.min(fetch.last(), spilled.endFrom(fetch.first()) - 1)))
        : Optional.empty();
  }

  /** The values in memory of the range asked for, in ascending order, up to the size limit. */
  List<Entry> entries(Fetch fetch) {
    List<Entry> entries = new ArrayList<>();
    long bytes = 0;
    if (fetch.first() > fetch.last()) {
      return entries;
    }
    for (Map.Entry<Long, Value> e :
        decided.subMap(fetch.first(), true, fetch.last(), true).entrySet()) {
      bytes += e.getValue().size();
      boolean isFull = bytes > FETCHED_BYTES_MAX || entries.size() == FETCHED_ENTRIES_MAX;
      if (isFull && !entries.isEmpty()) {
        break;
      }
      entries.add(new Entry(e.getKey(), e.getValue()));
    }
    return entries;
  }

  /** Size of the values in memory. */
  long bytes() {
    return bytes;
  }

  /** The same with what is around them. */
  long weight() {
    return bytes + (long) decided.size() * Spilled.OVERHEAD_BYTES;
  }

  /** The lowest instance above {@code seq} whose value is in memory. */
  OptionalLong nextInMemory(long seq) {
    Long next = decided.higherKey(seq);
    return next == null ? OptionalLong.empty() : OptionalLong.of(next);
  }

  /** The journal has the value, so that memory need not. */
  void spill(long seq) {
    Optional<Value> value = Optional.ofNullable(decided.remove(seq));
    bytes -= value.map(Value::size).orElse(0);
    spilled.add(seq);
  }

  /** The journal does not have it after all: it is to be learnt again. */
  void lose(long seq) {
    spilled.remove(seq);
    firstMissing = Math.min(firstMissing, seq);
    advance();
  }

  void forget() {
    while (!decided.isEmpty() && decided.firstKey() < done.floor()) {
      bytes -= decided.pollFirstEntry().getValue().size();
    }
    spilled.forgetBelow(done.floor());
    advance();
  }

  private void advance() {
    firstMissing = Math.max(firstMissing, done.floor());
    firstMissing = firstMissing(firstMissing);
  }
}
