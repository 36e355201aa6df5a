package dev.paxoskv.paxos.journal;

import dev.paxoskv.paxos.host.Journal;
import dev.paxoskv.paxos.journal.LiveRecords.Wanted;
import dev.paxoskv.paxos.protocol.DurableRecord;
import dev.paxoskv.paxos.protocol.Invariants;
import dev.paxoskv.paxos.protocol.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * A journal that survives crashes: a log in segments of fixed size over a {@link Disk}.
 *
 * <p>Group commit: while one sync runs, records gather; one write and one sync then carry them all.
 * What gathers waits at the worker, so that the disk does not stand still while this thread learns
 * that the sync is over, and is taken back as long as more can join it. Records are laid out and
 * summed on the protocol thread; the worker only writes and syncs.
 *
 * <p>Oldest segments are thrown away once little in them is still needed; that little is written
 * again and synced first. Not thread-safe: protocol thread only, {@link #hasRoom} included.
 */
public final class SegmentedJournal implements Journal {
  /**
   * How values are read from the log by somebody else, so that records need not wait for that.
   *
   * @param disk the log's, for reading while it is written
   */
  public record Reading(Disk disk, JournalWorker worker) {}

  /** One reading gives at most so many bytes, but one value. */
  static final int READ_BYTES_MAX = 1 << 20;

  /** And at most this many values, however small. */
  static final int READ_VALUES_MAX = 1024;

  /** Without an append for so many ticks the log is marked as synced up to its end. */
  static final int IDLE_TICKS = 5;

  /** Records that nobody waits for are written once so many bytes of them have gathered. */
  private static final int KEPT_BYTES_MAX = 1 << 20;

  /** What is performed, and what waits for that to end. */
  private static final int GIVEN_MAX = 2;

  /** What the worker has been given and we have not heard of since. */
  private static final class Given {
    int count;
    boolean isChoreAmong;
    /** The batch given last, if it was not the only thing. */
    Optional<LogWriter.Batch> waiting = Optional.empty();

    void batch(LogWriter.Batch batch) {
      waiting = count > 0 ? Optional.of(batch) : Optional.empty();
      count++;
    }

    void chore() {
      isChoreAmong = true;
      count++;
    }

    void isOver() {
      waiting = Optional.empty();
      count--;
    }
  }

  private final Given given = new Given();
  private final Disk disk;
  private final Reading reading;
  private final JournalWorker worker;
  private final LiveRecords live;
  private final LogWriter writer;
  private final Upkeep upkeep;
  private Optional<LongConsumer> report = Optional.empty();
  private long position;
  private long durable;
  private int idleTicks;
  private boolean isWanted;

  /** Goes on where {@code recovery} ended; it is used up by that. */
  public SegmentedJournal(Disk disk, JournalWorker worker, Recovery recovery, Reading reading) {
    this.disk = disk;
    this.reading = reading;
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
    if (writer.gatheredBytes() > KEPT_BYTES_MAX) {
      isWanted = true;
      work();
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
    if (idleTicks >= IDLE_TICKS && given.count == 0) {
      if (writer.isEmpty() && !writer.endsWithMarker()) {
        writer.writeMarker();
      }
      isWanted |= !writer.isEmpty();
      writer.rest();
    }
    work();
  }

  /** Becomes true again by itself when there is space. */
  @Override
  public boolean hasRoom() {
    return upkeep.hasRoom();
  }

  @Override
  public boolean spill(long seq) {
    return live.spill(seq, durable);
  }

  @Override
  public void read(long first, long last, Consumer<Found> then) {
    List<Wanted> wanted = live.wanted(first, last, READ_BYTES_MAX, READ_VALUES_MAX);
    // What was copied and is not durable at its new place yet is for a later time.
    wanted.removeIf(each -> each.spot().lsn() > durable);
    int salt = writer.salt();
    reading
        .worker()
        .run(
            () -> ValueReader.read(reading.disk(), salt, wanted),
            values -> then.accept(found(wanted, values)));
  }

  private Found found(List<Wanted> wanted, NavigableMap<Long, Value> values) {
    List<Long> lost = new ArrayList<>();
    for (Wanted each : wanted) {
      boolean isLost = !values.containsKey(each.seq()) && live.isAt(each);
      if (isLost) {
        live.lose(each);
        lost.add(each.seq());
      }
    }
    return new Found(values, lost);
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
    live.add(record, writer.spot());
  }

  /** Gives the worker what there is to do: one thing, and one more to wait behind it. */
  private void work() {
    if (given.count < GIVEN_MAX) {
      Optional<JournalWorker.Work<Runnable>> chore = chore();
      isWanted |= upkeep.needsSync(durable);
      if (chore.isPresent()) {
        given.chore();
        worker.run(chore.get(), this::finished);
        work();
      } else if (isWanted && !writer.isEmpty()) {
        commit(writer.take());
      } else if (isWanted && given.count == 0) {
        isWanted = false;
        report.ifPresent(r -> r.accept(position));
      }
    } else if (isWanted && !writer.isEmpty() && given.waiting.isPresent()) {
      join(given.waiting.get());
    }
  }

  /** Never two: the second may hang on how the first ends. */
  private Optional<JournalWorker.Work<Runnable>> chore() {
    boolean mayBe = !given.isChoreAmong && (upkeep.isUrgent() || (given.count == 0 && !isWanted));
    return mayBe ? upkeep.next(durable) : Optional.empty();
  }

  private void finished(Runnable outcome) {
    given.isOver();
    given.isChoreAmong = false;
    outcome.run();
    work();
  }

  /** More goes with a batch that waits, unless that has begun. */
  private void join(LogWriter.Batch waiting) {
    if (worker.takeBack()) {
      given.isOver();
      commit(writer.takeWith(waiting));
    }
  }

  private void commit(LogWriter.Batch batch) {
    given.batch(batch);
    isWanted = false;
    long lsn = writer.lsn();
    long upTo = position;
    worker.run(() -> batch.perform(disk), written -> committed(written, lsn, upTo));
  }

  private void committed(LogWriter.Batch batch, long lsn, long upTo) {
    Invariants.check(lsn > durable, () -> "log position " + lsn + " became durable twice");
    given.isOver();
    durable = lsn;
    writer.reuse(batch);
    writer.durable(lsn);
    upkeep.committed();
    report.ifPresent(r -> r.accept(upTo));
    work();
  }
}
