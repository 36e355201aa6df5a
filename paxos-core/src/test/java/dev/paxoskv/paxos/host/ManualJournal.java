package dev.paxoskv.paxos.host;

import dev.paxoskv.paxos.protocol.DurableRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/** A journal whose disk is done when the test says so; each call goes into the test's log. */
final class ManualJournal implements Journal {
  private final List<Object> log;
  private final List<LongConsumer> syncs = new ArrayList<>();
  private long position;

  ManualJournal(List<Object> log) {
    this.log = log;
  }

  @Override
  public long append(DurableRecord record) {
    log.add(record);
    return ++position;
  }

  @Override
  public void sync(LongConsumer durable) {
    log.add("sync");
    syncs.add(durable);
  }

  /** The disk reports everything up to {@code upTo} as durable. */
  void durable(long upTo) {
    syncs.get(syncs.size() - 1).accept(upTo);
  }
}
