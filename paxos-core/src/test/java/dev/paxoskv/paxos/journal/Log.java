package dev.paxoskv.paxos.journal;

import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.DurableRecord;
import dev.paxoskv.paxos.protocol.DurableRecord.Decided;
import dev.paxoskv.paxos.protocol.DurableRecord.Promised;
import dev.paxoskv.paxos.protocol.DurableRecord.Voted;
import dev.paxoskv.paxos.protocol.Recovered;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.paxos.protocol.Vote;
import java.io.IOException;
import java.util.Optional;

/** One life of a journal on a disk, for tests. */
final class Log {
  static final int SALT = 0x5a17;

  final MemoryDisk disk;
  final StepWorker worker = new StepWorker();
  final StepWorker reader = new StepWorker();
  final Recovery recovery;
  final SegmentedJournal journal;
  long durable;

  Log(MemoryDisk disk, long segmentBytes) throws IOException {
    this(disk, segmentBytes, Long.MAX_VALUE);
  }

  Log(MemoryDisk disk, long segmentBytes, long heapBytes) throws IOException {
    this.disk = disk;
    this.recovery = Recovery.open(disk, segmentBytes, heapBytes, SALT);
    this.journal =
        new SegmentedJournal(disk, worker, recovery, new SegmentedJournal.Reading(disk, reader));
  }

  Recovered recovered() {
    return recovery.recovered();
  }

  long append(DurableRecord record) {
    return journal.append(record);
  }

  /** Asks for a sync; the disk has not done it yet. */
  void ask() {
    journal.sync(position -> durable = Math.max(durable, position));
  }

  /** Everything appended becomes durable, and what the journal has to do besides is done. */
  void settle() {
    ask();
    worker.all();
  }

  /** So much time passes that an idle log is marked. */
  void idle() {
    for (int i = 0; i < 4 * SegmentedJournal.IDLE_TICKS; i++) {
      journal.tick();
      worker.all();
    }
  }

  static Ballot ballot(long round) {
    return new Ballot(round, 1, 7);
  }

  static DurableRecord promise(long seq, long round) {
    return new Promised(seq, ballot(round));
  }

  static DurableRecord vote(long seq, long round, String value) {
    return new Voted(seq, new Vote(ballot(round), Value.of(value)));
  }

  static DurableRecord decided(long seq, String value) {
    Value v = Value.of(value);
    return new Decided(seq, v.checksum(), Optional.of(v));
  }

  static DurableRecord decidedAsVoted(long seq, String value) {
    return new Decided(seq, Value.of(value).checksum(), Optional.empty());
  }
}
