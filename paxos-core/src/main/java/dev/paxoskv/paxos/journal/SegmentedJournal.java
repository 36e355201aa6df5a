package dev.paxoskv.paxos.journal;

import dev.paxoskv.paxos.host.Journal;
import dev.paxoskv.paxos.protocol.DurableRecord;
import dev.paxoskv.paxos.protocol.Invariants;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * A journal that survives crashes: a log in segments of fixed size over a {@link Disk}.
 *
 * <p>Group commit: while one sync runs, records gather; one write and one sync then carry them all.
 * Records are laid out and summed on the protocol thread; the worker only writes and syncs.
 *
 * <p>Oldest segments are thrown away once little in them is still needed; that little is written
 * again and synced first. Not thread-safe: protocol thread only, {@link #hasRoom} included.
 */
public final class SegmentedJournal implements Journal {
  /** Without an append for so many ticks the log is marked as synced up to its end. */
  static final int IDLE_TICKS = 5;

  private final Disk disk;
  private final JournalWorker worker;
  private final LiveRecords live;
  private final LogWriter writer;
  private final Upkeep upkeep;
  private Optional<LongConsumer> report = Optional.empty();
  private long position;
  private long durable;
  private int idleTicks;
  private boolean isWorking;
  private boolean isWanted;

  /** Goes on where {@code recovery} ended; it is used up by that. */
  public SegmentedJournal(Disk disk, JournalWorker worker, Recovery recovery) {
    this.disk = disk;
    this.worker = worker;
    this.live = recovery.live();
    this.writer = new LogWriter(recovery.segments(), live.state(), recovery.end());
    this.durable = recovery.end().lsn();
    this.upkeep = new Upkeep(disk, recovery.segments(), live, writer);
  }

  @Override
  public long append(DurableRecord record) {
    write(record);
    return ++position;
  }

  @Override
  public void keep(DurableRecord record) {
    // A decision can be learnt again, and would use up what room is left.
    if (!(record instanceof DurableRecord.Decided) || hasRoomForVotes()) {
      write(record);
    }
  }

  @Override
  public void sync(LongConsumer durable) {
    report = Optional.of(durable);
    isWanted = true;
    work();
  }

  /** One unit of time has passed: an idle log writes what nobody waits for, and tidies up. */
  public void tick() {
    idleTicks++;
    upkeep.tick();
    if (idleTicks >= IDLE_TICKS && !isWorking) {
      if (writer.isEmpty() && !writer.endsWithMarker()) {
        writer.writeMarker();
      }
      isWanted |= !writer.isEmpty();
    }
    work();
  }

  /**
   * Whether the disk has room for what is to come. While it has not, take no new work: what others
   * agree on still needs the rest. Becomes true again by itself when there is space.
   */
  public boolean hasRoom() {
    return upkeep.hasRoom();
  }

  @Override
  public boolean hasRoomForVotes() {
    return upkeep.hasRoomForVotes();
  }

  @Override
  public long durableTo() {
    return durable;
  }

  /** Segments in which rot was found and mended since the start. */
  public long mended() {
    return upkeep.mended();
  }

  private void write(DurableRecord record) {
    idleTicks = 0;
    writer.write(record);
    live.add(record, writer.segment());
  }

  /** Gives the worker one thing to do; records first. */
  private void work() {
    if (isWorking) {
      return;
    }
    Optional<JournalWorker.Work<Runnable>> chore =
        upkeep.isUrgent() || !isWanted ? upkeep.next(durable) : Optional.empty();
    isWanted |= upkeep.needsSync(durable);
    if (chore.isPresent()) {
      isWorking = true;
      worker.run(chore.get(), this::finished);
    } else if (isWanted && writer.isEmpty()) {
      isWanted = false;
      report.ifPresent(r -> r.accept(position));
    } else if (isWanted) {
      commit();
    }
  }

  private void finished(Runnable outcome) {
    isWorking = false;
    outcome.run();
    work();
  }

  private void commit() {
    isWorking = true;
    isWanted = false;
    LogWriter.Batch batch = writer.take();
    long lsn = writer.lsn();
    long upTo = position;
    worker.run(() -> batch.perform(disk), written -> committed(written, lsn, upTo));
  }

  private void committed(LogWriter.Batch batch, long lsn, long upTo) {
    Invariants.check(lsn > durable, () -> "log position " + lsn + " became durable twice");
    isWorking = false;
    durable = lsn;
    writer.reuse(batch);
    writer.durable(lsn);
    upkeep.committed();
    report.ifPresent(r -> r.accept(upTo));
    work();
  }
}
