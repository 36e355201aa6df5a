package dev.paxoskv.paxos.journal;

import dev.paxoskv.paxos.journal.format.Frame;
import dev.paxoskv.paxos.journal.format.Payloads;
import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.DurableRecord;
import dev.paxoskv.paxos.protocol.DurableRecord.Decided;
import dev.paxoskv.paxos.protocol.DurableRecord.DoneMark;
import dev.paxoskv.paxos.protocol.DurableRecord.Faulty;
import dev.paxoskv.paxos.protocol.DurableRecord.Floor;
import dev.paxoskv.paxos.protocol.DurableRecord.Promised;
import dev.paxoskv.paxos.protocol.DurableRecord.RangePromised;
import dev.paxoskv.paxos.protocol.DurableRecord.SnapshotMark;
import dev.paxoskv.paxos.protocol.DurableRecord.Voted;
import dev.paxoskv.paxos.protocol.Recovered;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.paxos.protocol.history.Spilled;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the log says, and which segment is the oldest that a record still needed stands in. Values
 * are shared with the roles, not copied; those that were spilled are in the log only, and known by
 * where they stand there.
 */
final class LiveRecords {
  /** Where a record stands in the log. */
  record Spot(long segment, long offset, int length, long lsn) {}

  /** A value that is to be read from the log. */
  record Wanted(long seq, Spot spot) {}

  /**
   * What is needed of an instance: from which segment on, how much, and where the value is that was
   * decided, or may be.
   */
  private record Place(long segment, long bytes, Optional<Spot> value) {}

  private final Recovered state = new Recovered();
  private final TreeMap<Long, Place> places = new TreeMap<>();
  private final TreeMap<Long, Long> bytes = new TreeMap<>();

  /** Values that were spilled, read again to be written elsewhere. */
  private final TreeMap<Long, Value> recalled = new TreeMap<>();

  Recovered state() {
    return state;
  }

  void add(DurableRecord record, Spot spot) {
    state.add(record);
    if (record instanceof Floor || record instanceof SnapshotMark) {
      SortedMap<Long, Place> gone = places.headMap(state.floor());
      gone.values().forEach(this::uncount);
      gone.clear();
      recalled.headMap(state.floor()).clear();
      return;
    }
    Recovered.Instance now = state.instances().get(record.seq());
    boolean isOfInstance = record instanceof Voted
        || record instanceof Promised
        || record instanceof Decided
        || record instanceof Faulty;
    if (!isOfInstance || now == null) {
      return;
    }
    Optional<Spot> value = carries(record, now) ? Optional.of(spot) : spotOf(record.seq());
    if (record instanceof Voted voted && !needsOlder(voted, now)) {
      // The common case, without listing what the instance needs: it is this record.
      put(record.seq(), new Place(spot.segment(), Frame.bytes(Payloads.size(record)), value));
    } else {
      place(record.seq(), oldest(record.seq(), spot.segment()), value);
    }
  }

  /** A new vote stands for every promise and vote before it; a copy of an old one does not. */
  private static boolean needsOlder(Voted voted, Recovered.Instance now) {
    return now.decided().isPresent() || now.promised().isAbove(voted.vote().ballot());
  }

  /** Whether the value that counts can be read from this record. */
  private static boolean carries(DurableRecord record, Recovered.Instance now) {
    if (record instanceof Decided decided) {
      return decided.value().isPresent() && now.decided().equals(decided.value());
    }
    return record instanceof Voted voted
        && now.vote().filter(voted.vote()::equals).isPresent()
        && now.decided().map(voted.vote().value()::equals).orElse(true);
  }

  void damage(long seq, Recovered.Damage damage, long segment) {
    if (!state.spilled().has(seq)) {
      state.damage(seq, damage);
      // If it was there, reading it will show that.
      place(seq, oldest(seq, segment), spotOf(seq));
    }
  }

  /**
   * Lets go of a decided value in memory, if the log has it among what is durable up to
   * {@code durable}.
   *
   * @return whether it did
   */
  boolean spill(long seq, long durable) {
    Recovered.Instance instance = state.instances().get(seq);
    Optional<Spot> spot = spotOf(seq);
    if (instance == null || instance.decided().isEmpty() || spot.isEmpty()) {
      return false;
    }
    if (spot.get().lsn() > durable) {
      return false;
    }
    Value value = instance.decided().get();
    long size = Frame.bytes(Payloads.size(new Decided(seq, 0, Optional.of(value))));
    state.spill(seq);
    put(seq, new Place(spot.get().segment(), size, spot));
    return true;
  }

  /** Lets go of the lowest decided values in memory, until they weigh no more than {@code most}. */
  void spillDownTo(long most) {
    long held = 0;
    for (Recovered.Instance instance : state.instances().values()) {
      held += weight(instance.decided());
    }
    for (Map.Entry<Long, Recovered.Instance> each :
        List.copyOf(state.instances().entrySet())) {
      if (held > most && spill(each.getKey(), Long.MAX_VALUE)) {
        held -= weight(each.getValue().decided());
      }
    }
  }

  static long weight(Optional<Value> decided) {
    return decided.map(value -> (long) value.size() + Spilled.OVERHEAD_BYTES).orElse(0L);
  }

  /**
   * Where the spilled values of {@code first} to {@code last} are, from the lowest on, up to
   * {@code bytesMax} in size, but one at least, and to {@code countMax} in number.
   */
  List<Wanted> wanted(long first, long last, long bytesMax, int countMax) {
    List<Wanted> wanted = new ArrayList<>();
    long size = 0;
    for (Map.Entry<Long, Place> each : places.subMap(first, true, last, true).entrySet()) {
      Optional<Spot> spot = each.getValue().value();
      if (state.spilled().has(each.getKey()) && spot.isPresent()) {
        size += spot.get().length();
        if (!wanted.isEmpty() && (size > bytesMax || wanted.size() == countMax)) {
          break;
        }
        wanted.add(new Wanted(each.getKey(), spot.get()));
      }
    }
    return wanted;
  }

  /** Whether the value is still to be read from there. */
  boolean isAt(Wanted wanted) {
    Optional<Spot> spot = spotOf(wanted.seq());
    return state.spilled().has(wanted.seq()) && spot.equals(Optional.of(wanted.spot()));
  }

  /** The log does not have it any more, where it should be. */
  void lose(Wanted wanted) {
    state.lose(wanted.seq());
    place(wanted.seq(), wanted.spot().segment(), Optional.empty());
  }

  /** Spilled values of segment {@code segment} and older ones that must be read to be copied. */
  List<Wanted> wantedUpTo(long segment) {
    List<Wanted> wanted = new ArrayList<>();
    if (!state.spilled().isEmpty()) {
      for (long seq : instancesUpTo(segment)) {
        if (state.spilled().has(seq) && !recalled.containsKey(seq)) {
          spotOf(seq).ifPresent(spot -> wanted.add(new Wanted(seq, spot)));
        }
      }
    }
    return wanted;
  }

  /** What was read of it; the rest is lost. */
  void recalled(List<Wanted> wanted, Map<Long, Value> values) {
    for (Wanted each : wanted) {
      Optional<Value> value = Optional.ofNullable(values.get(each.seq()));
      if (isAt(each)) {
        value.ifPresentOrElse(v -> recalled.put(each.seq(), v), () -> lose(each));
      }
    }
  }

  /** Size of the records still needed that begin in {@code segment}. */
  long bytesIn(long segment) {
    return bytes.getOrDefault(segment, 0L);
  }

  /** The instances that need a record in {@code segment} or an older one. */
  List<Long> instancesUpTo(long segment) {
    List<Long> found = new ArrayList<>();
    for (Map.Entry<Long, Place> each : places.entrySet()) {
      if (each.getValue().segment() <= segment) {
        found.add(each.getKey());
      }
    }
    return found;
  }

  /** What is needed of an instance; its value must be in memory, or have been read again. */
  List<DurableRecord> recordsOf(long seq) {
    if (state.spilled().has(seq)) {
      Value value = Optional.ofNullable(recalled.get(seq)).orElseThrow();
      return List.of(new Decided(seq, value.checksum(), Optional.of(value)));
    }
    Recovered.Instance instance = state.instances().get(seq);
    return instance == null ? List.of() : instance.records(seq);
  }

  /** All that is about no single instance: short, and always copied. */
  List<DurableRecord> marks() {
    List<DurableRecord> marks = new ArrayList<>();
    state.doneMarks().forEach((peer, seq) -> marks.add(new DoneMark(peer, seq)));
    marks.addAll(state.registered().values());
    if (state.rangePromised().isAbove(Ballot.ZERO)) {
      marks.add(new RangePromised(state.rangePromised()));
    }
    marks.add(new Floor(state.min()));
    marks.add(new SnapshotMark(state.snapshot()));
    return marks;
  }

  /** Every record of {@code seq} has been written again, in this order, at these places. */
  void moved(long seq, List<DurableRecord> records, List<Spot> spots) {
    Optional<Spot> value = Optional.empty();
    for (int i = 0; i < records.size(); i++) {
      boolean isCarrier = records.get(i) instanceof Voted
          || (records.get(i) instanceof Decided decided && decided.value().isPresent());
      value = isCarrier ? Optional.of(spots.get(i)) : value;
    }
    long size = records.stream().mapToLong(r -> Frame.bytes(Payloads.size(r))).sum();
    put(seq, new Place(spots.get(0).segment(), size, value));
    recalled.remove(seq);
  }

  private Optional<Spot> spotOf(long seq) {
    return Optional.ofNullable(places.get(seq)).flatMap(Place::value);
  }

  private long oldest(long seq, long segment) {
    Place place = places.get(seq);
    return place == null ? segment : Math.min(place.segment(), segment);
  }

  private void place(long seq, long segment, Optional<Spot> value) {
    List<DurableRecord> records = recordsOf(seq);
    if (records.isEmpty()) {
      Place before = places.remove(seq);
      if (before != null) {
        uncount(before);
      }
    } else {
      long size = records.stream().mapToLong(r -> Frame.bytes(Payloads.size(r))).sum();
      put(seq, new Place(segment, size, value));
    }
  }

  private void put(long seq, Place place) {
    Place before = places.put(seq, place);
    if (before != null) {
      uncount(before);
    }
    bytes.merge(place.segment(), place.bytes(), Long::sum);
  }

  private void uncount(Place place) {
    bytes.merge(place.segment(), -place.bytes(), Long::sum);
    bytes.remove(place.segment(), 0L);
  }
}
