package dev.paxoskv.paxos.protocol.roles;

import dev.paxoskv.paxos.protocol.Invariants;
import dev.paxoskv.paxos.protocol.Message.Entry;
import dev.paxoskv.paxos.protocol.Message.Fetch;
import dev.paxoskv.paxos.protocol.Recovered;
import dev.paxoskv.paxos.protocol.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Remembers decided values and hands them on ("Paxos Made Simple", section 2.3).
 *
 * <p>Guarantees: a decided instance never changes its value. It believes whoever calls
 * {@link #decide}: a proposer that counted a majority, or news from a peer that did.
 *
 * <p>Remembers: the decided value per instance from min upwards, and the first instance above min
 * that it misses. Nothing of it need be durable: what a majority accepted can be learnt again. What
 * the journal kept all the same spares that work.
 */
final class Learner {

  /** One answer to Fetch carries at most this much, but always one entry. */
  static final int FETCHED_BYTES_MAX = 1 << 20;

  /** And at most this many entries, however small. */
  static final int FETCHED_ENTRIES_MAX = 1024;

  private final Outbox outbox;
  private final DoneMarks done;
  private final TreeMap<Long, Value> decided = new TreeMap<>();
  private long firstMissing;
  private long bytes;

  Learner(Outbox outbox, DoneMarks done) {
    this.outbox = outbox;
    this.done = done;
  }

  /** Takes up what the journal kept. */
  void recover(Recovered recovered) {
    recovered
        .instances()
        .forEach((seq, instance) -> instance.decided().ifPresent(value -> {
          decided.put(seq, value);
          bytes += value.size();
        }));
    firstMissing = recovered.floor();
    advance();
  }

  /** Returns whether this was news. Below min it is not: the instance is forgotten. */
  boolean decide(long seq, Value value) {
    if (seq < done.min()) {
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

  Optional<Value> value(long seq) {
    return Optional.ofNullable(decided.get(seq));
  }

  /** All that is known, from min upwards; not to be changed. */
  NavigableMap<Long, Value> decided() {
    return Collections.unmodifiableNavigableMap(decided);
  }

  /** The lowest instance, not below min, whose decision this peer has not learnt. */
  long firstMissing() {
    return firstMissing;
  }

  /** The end of the gap that begins at {@link #firstMissing}; open if nothing above it is known. */
  long lastMissing() {
    Long known = decided.higherKey(firstMissing);
    return known == null ? Long.MAX_VALUE : known - 1;
  }

  /** Decided values in the range asked for, in ascending order, up to the size limit. */
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

  /** Size of all values kept. */
  long bytes() {
    return bytes;
  }

  void forget() {
    while (!decided.isEmpty() && decided.firstKey() < done.min()) {
      bytes -= decided.pollFirstEntry().getValue().size();
    }
    advance();
  }

  private void advance() {
    firstMissing = Math.max(firstMissing, done.min());
    while (decided.containsKey(firstMissing)) {
      firstMissing++;
    }
  }
}
