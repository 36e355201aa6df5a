package dev.paxoskv.paxos.host;

import dev.paxoskv.paxos.protocol.DurableRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongConsumer;

/**
 * A journal that survives nothing: it keeps the newest records of each instance in memory and calls
 * them durable. For trials and tests; whoever runs on it must not come back after a crash as if
 * nothing had happened.
 */
public final class MemoryJournal implements Journal {
  private final TreeMap<Long, DurableRecord> promises = new TreeMap<>();
  private final TreeMap<Long, DurableRecord> votes = new TreeMap<>();
  private Optional<DurableRecord> rangePromise = Optional.empty();
  private long position;

  @Override
  public long append(DurableRecord record) {
    position++;
    if (record instanceof DurableRecord.Promised) {
      promises.put(record.seq(), record);
    } else if (record instanceof DurableRecord.RangePromised) {
      rangePromise = Optional.of(record);
    } else if (record instanceof DurableRecord.Voted) {
      votes.put(record.seq(), record);
    } else if (record instanceof DurableRecord.Floor) {
      promises.headMap(record.seq()).clear();
      votes.headMap(record.seq()).clear();
    }
    return position;
  }

  @Override
  public void sync(LongConsumer durable) {
    durable.accept(position);
  }

  /** What is kept: per instance the newest promise, the one for all, then the newest votes. */
  public List<DurableRecord> records() {
    List<DurableRecord> records = new ArrayList<>(promises.values());
    rangePromise.ifPresent(records::add);
    records.addAll(votes.values());
    return records;
  }
}
