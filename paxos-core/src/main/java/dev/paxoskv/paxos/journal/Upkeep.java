package dev.paxoskv.paxos.journal;

import dev.paxoskv.paxos.journal.LiveRecords.Spot;
import dev.paxoskv.paxos.journal.LiveRecords.Wanted;
import dev.paxoskv.paxos.journal.format.SegmentHead;
import dev.paxoskv.paxos.protocol.DurableRecord;
import dev.paxoskv.paxos.protocol.Value;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the log does besides records: throws away old segments, prepares spare ones, and reads cold
 * ones again. Each piece of work is short, so that records do not wait long behind it.
 */
final class Upkeep {

  /** How far the next spare file is, and whether the disk had no room for it. */
  private static final class Filling {
    Optional<String> file = Optional.empty();
    long bytes;
    long lookAgain;
    boolean isFull;
  }

  /** A spare file is filled in pieces of this size. */
  private static final int PIECE_BYTES = 1 << 20;

  /** So little of a segment may still be needed when it is thrown away. */
  private static final int COPIED_BYTES_MAX = 1 << 20;

  /** How often a piece of a cold segment is read again. */
  private static final int SCRUB_TICKS = 100;

  /** How often a disk that was full is looked at again. */
  private static final int FULL_TICKS = 100;

  private final Disk disk;
  private final Segments segments;
  private final LiveRecords live;
  private final LogWriter writer;
  private final Scrub scrub;
  private final Filling filling = new Filling();
  private long discardAt;
  private long rottenUpTo;
  private long mended;
  private long now;
  private long scrubDue = SCRUB_TICKS;
  private boolean mayInterrupt;

  Upkeep(Disk disk, Segments segments, LiveRecords live, LogWriter writer) {
    this.disk = disk;
    this.segments = segments;
    this.live = live;
    this.writer = writer;
    this.scrub = new Scrub(disk, writer.salt());
  }

  void tick() {
    now++;
  }

  /** A batch of records is durable: something else may go before the next. */
  void committed() {
    mayInterrupt = true;
  }

  boolean hasRoom() {
    return !filling.isFull || segments.spares() >= Segments.SPARES;
  }

  /**
   * With the disk full and no spare file left, the segment at hand is the last there is. Making
   * room needs up to half of it, for what is copied out of the oldest.
   */
  boolean hasRoomForVotes() {
    return !filling.isFull || segments.spares() > 0;
  }

  long mended() {
    return mended;
  }

  /** Whether one piece of work should go before records that somebody waits for. */
  boolean isUrgent() {
    return mayInterrupt && (discardAt > 0 || isOldestSpent() || isSpareDue());
  }

  /** Whether records were copied out of an old segment that are not durable yet. */
  boolean needsSync(long durable) {
    return discardAt > durable;
  }

  /** The next piece of work, if there is any; what it returns runs on the protocol thread. */
  Optional<JournalWorker.Work<Runnable>> next(long durable) {
    mayInterrupt = false;
    if (discardAt == 0 && isOldestSpent()) {
      List<Wanted> wanted = live.wantedUpTo(segments.oldest());
      if (!wanted.isEmpty()) {
        return Optional.of(recall(wanted));
      }
      copyForward(segments.oldest());
    }
    if (discardAt > 0) {
      return discardAt <= durable ? Optional.of(discard(segments.oldest())) : Optional.empty();
    }
    if (isSpareDue()) {
      return Optional.of(fill());
    }
    // What is only laid out so far is not on the disk to be read.
    if (now >= scrubDue && writer.isEmpty() && segments.oldest() < segments.current()) {
      scrubDue = now + SCRUB_TICKS;
      return Optional.of(scrub());
    }
    return Optional.empty();
  }

  private boolean isOldestSpent() {
    long oldest = segments.oldest();
    if (oldest == segments.current() || oldest <= rottenUpTo) {
      return oldest < segments.current();
    }
    // The marks are listed only when they can matter: this is asked at every turn.
    long most = copiedMost(oldest);
    return live.bytesIn(oldest) <= most && copiedWith(oldest) <= most;
  }

  /**
   * What is copied goes in one piece and delays the votes behind it, so it is to be little. With
   * the disk full, room matters more.
   */
  private long copiedMost(long segment) {
    long half = segments.size(segment) / 2;
    return filling.isFull ? half : Math.min(half, COPIED_BYTES_MAX);
  }

  /** The marks count as well: in a small segment they alone may be more than it would free. */
  private long copiedWith(long segment) {
    long marks = live.marks().stream().mapToLong(writer::size).sum();
    return live.bytesIn(segment) + marks;
  }

  private boolean isSpareDue() {
    return segments.needsSpare() && now >= filling.lookAgain;
  }

  /** Writes again what is still needed; the segment goes once that is durable. */
  private void copyForward(long oldest) {
    for (DurableRecord mark : live.marks()) {
      writer.write(mark);
    }
    for (long seq : live.instancesUpTo(oldest)) {
      List<DurableRecord> records = live.recordsOf(seq);
      List<Spot> spots = new ArrayList<>();
      for (DurableRecord record : records) {
        writer.write(record);
        spots.add(writer.spot());
      }
      live.moved(seq, records, spots);
    }
    writer.writeOldest(oldest + 1);
    discardAt = writer.lsn();
  }

  /** What is to be copied and is not in memory is read first. */
  private JournalWorker.Work<Runnable> recall(List<Wanted> wanted) {
    return () -> {
      Map<Long, Value> values = ValueReader.read(disk, writer.salt(), wanted);
      return () -> live.recalled(wanted, values);
    };
  }

  private JournalWorker.Work<Runnable> discard(long number) {
    String file = SegmentHead.file(number);
    boolean isKept = segments.keepsSpare() && segments.size(number) == segments.bytes;
    String spare = segments.nextSpare();
    return () -> {
      if (isKept) {
        disk.rename(file, spare);
      } else {
        disk.delete(file);
      }
      disk.syncDirectory();
      return () -> discarded(number, isKept ? Optional.of(spare) : Optional.empty());
    };
  }

  private void discarded(long number, Optional<String> spare) {
    discardAt = 0;
    segments.remove(number);
    spare.ifPresent(segments::addSpare);
  }

  /** One more piece of a spare file. */
  private JournalWorker.Work<Runnable> fill() {
    if (filling.file.isEmpty()) {
      filling.file = Optional.of(segments.nextSpare());
      filling.bytes = 0;
    }
    String file = filling.file.get();
    long at = filling.bytes;
    int length = (int) Math.min(PIECE_BYTES, segments.bytes - at);
    return () -> {
      boolean isPossible = at > 0 || disk.free() >= segments.bytes;
      boolean isWritten = isPossible && writeZeros(file, at, length);
      return () -> filled(isWritten, length);
    };
  }

  /** Returns false if there is no room. That harms nothing yet: nobody needs the file today. */
  private boolean writeZeros(String file, long at, int length) throws IOException {
    try {
      if (at == 0) {
        disk.create(file, 0);
      }
      disk.write(file, at, ByteBuffer.allocate(length));
      if (at + length == segments.bytes) {
        disk.sync(file);
        disk.syncDirectory();
      }
      return true;
    } catch (IOException e) {
      if (disk.free() >= segments.bytes) {
        throw e;
      }
      if (disk.list().contains(file)) {
        disk.delete(file);
      }
      return false;
    }
  }

  private void filled(boolean isWritten, int length) {
    filling.isFull = !isWritten;
    if (!isWritten) {
      filling.file = Optional.empty();
      filling.lookAgain = now + FULL_TICKS;
      return;
    }
    filling.bytes += length;
    if (filling.bytes == segments.bytes) {
      segments.addSpare(filling.file.orElseThrow());
      filling.file = Optional.empty();
    }
  }

  private JournalWorker.Work<Runnable> scrub() {
    long number = scrub.next(segments.numbers());
    return () -> {
      boolean isSound = isSound();
      return () -> scrubbed(number, isSound);
    };
  }

  /** What cannot be read is as good as rotten. */
  private boolean isSound() {
    try {
      return scrub.step();
    } catch (IOException e) {
      return false;
    }
  }

  /** What memory has, and what can be read, is copied, and the segment goes. */
  private void scrubbed(long number, boolean isSound) {
    if (!isSound) {
      rottenUpTo = Math.max(rottenUpTo, number);
      mended++;
    }
  }
}
