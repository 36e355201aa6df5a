package dev.paxoskv.paxos.journal;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the log says, and which segment is the oldest that a record still needed stands in. Values
 * are shared with the roles, not copied.
 */
final class LiveRecords {
  private record Place(long segment, long bytes) {}

  private final Recovered state = new Recovered();
  private final TreeMap<Long, Place> places = new TreeMap<>();
  private final TreeMap<Long, Long> bytes = new TreeMap<>();

  Recovered state() {
    return state;
  }

  void add(DurableRecord record, long segment) {
    state.add(record);
    if (record instanceof Voted voted) {
      // A new vote stands for every promise and vote before it; a copy of an old one does not.
      Recovered.Instance now = state.instances().get(record.seq());
      boolean needsOlder = now != null && (now.decided().isPresent() || isBelowPromise(voted, now));
      if (needsOlder) {
        place(record.seq(), oldest(record.seq(), segment));
      } else if (now != null) {
        // The common case, without listing what the instance needs: it is this record.
        put(record.seq(), new Place(segment, Frame.bytes(Payloads.size(record))));
      }
    } else if (record instanceof Promised
        || record instanceof Decided
        || record instanceof Faulty) {
      place(record.seq(), oldest(record.seq(), segment));
    } else if (record instanceof Floor || record instanceof SnapshotMark) {
      SortedMap<Long, Place> gone = places.headMap(state.floor());
      gone.values().forEach(this::uncount);
      gone.clear();
    }
  }

  private static boolean isBelowPromise(Voted voted, Recovered.Instance instance) {
    return instance.promised().isAbove(voted.vote().ballot());
  }

  void damage(long seq, Recovered.Damage damage, long segment) {
    state.damage(seq, damage);
    place(seq, oldest(seq, segment));
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

  List<DurableRecord> recordsOf(long seq) {
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

  /** Every record of {@code seq} has been written again, the first of them in {@code segment}. */
  void moved(long seq, long segment) {
    place(seq, segment);
  }

  private long oldest(long seq, long segment) {
    Place place = places.get(seq);
    return place == null ? segment : Math.min(place.segment(), segment);
  }

  private void place(long seq, long segment) {
    List<DurableRecord> records = recordsOf(seq);
    if (records.isEmpty()) {
      Place before = places.remove(seq);
      if (before != null) {
        uncount(before);
      }
    } else {
      long size = records.stream().mapToLong(r -> Frame.bytes(Payloads.size(r))).sum();
      put(seq, new Place(segment, size));
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
