package dev.paxoskv.server.sim;

import dev.paxoskv.paxos.host.Journal;
import dev.paxoskv.paxos.protocol.DurableRecord;
import dev.paxoskv.paxos.protocol.DurableRecord.SnapshotMark;
import dev.paxoskv.server.machine.KvStateMachine;
import dev.paxoskv.server.snapshot.SnapshotStore;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Looks at a disk whenever a server may forget what a snapshot covers (G7): at that moment the
 * snapshot must be there for certain, whatever happens next. Counts what is read from the log.
 */
final class JournalWatch implements Journal {
  private record Mark(long position, long seq) {}

  private final Journal journal;
  private final SimDirectory directory;
  private final DiskTally tally;
  private final ArrayDeque<Mark> marks = new ArrayDeque<>();

  JournalWatch(Journal journal, SimDirectory directory, DiskTally tally) {
    this.journal = journal;
    this.directory = directory;
    this.tally = tally;
  }

  @Override
  public long append(DurableRecord record) {
    long position = journal.append(record);
    if (record instanceof SnapshotMark) {
      marks.addLast(new Mark(position, record.seq()));
    }
    return position;
  }

  @Override
  public void sync(LongConsumer durable) {
    journal.sync(position -> {
      while (!marks.isEmpty() && marks.getFirst().position() <= position) {
        check(marks.removeFirst().seq());
      }
      durable.accept(position);
    });
  }

  private void check(long seq) {
    long there;
    try {
      SnapshotStore left = new SnapshotStore(directory.disk().certain());
      there = left.load(() -> new KvStateMachine((session, number, result) -> {}))
          .machine()
          .applied();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    if (there < seq) {
      throw new AssertionError("G7 kept until a snapshot has it: all up to " + seq
          + " may be forgotten, but of snapshots only one up to " + there + " is certain");
    }
    tally.count("snapshot marks");
  }

  @Override
  public void keep(DurableRecord record) {
    journal.keep(record);
  }

  @Override
  public boolean spill(long seq) {
    return journal.spill(seq);
  }

  @Override
  public void read(long first, long last, Consumer<Found> then) {
    journal.read(first, last, found -> {
      tally.add("values read from the log", found.values().size());
      tally.add("values lost by the log", found.lost().size());
      then.accept(found);
    });
  }

  @Override
  public boolean hasRoom() {
    return journal.hasRoom();
  }

  @Override
  public boolean hasRoomForVotes() {
    return journal.hasRoomForVotes();
  }

  @Override
  public long durableTo() {
    return journal.durableTo();
  }
}
