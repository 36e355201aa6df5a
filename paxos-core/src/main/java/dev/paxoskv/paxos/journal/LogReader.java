package dev.paxoskv.paxos.journal;

import dev.paxoskv.paxos.journal.format.Frame;
import dev.paxoskv.paxos.journal.format.SegmentHead;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Walks over the records of the log from the oldest on, over rot and up to the end or a torn tail.
 * Holds one segment in memory.
 */
final class LogReader {
  private final Disk disk;
  private final List<Long> numbers;
  private final int salt;
  private final List<String> findings = new ArrayList<>();
  private final Losses losses = new Losses();
  private int index;
  private int at;
  private SegmentBytes bytes;
  private long lsn;
  private Frame.Link last = Frame.Link.NONE;
  private Optional<Frame.Link> victim = Optional.empty();
  private LiveRecords.Spot spot = new LiveRecords.Spot(0, 0, 0, 0);

  /** What no other record can stand in for, and what made it good. */
  private static final class Losses {
    final TreeSet<Long> members = new TreeSet<>();
    Optional<Long> range = Optional.empty();
    Optional<Long> lastRange = Optional.empty();
    long oldest = 1;

    void note(Optional<Frame.Link> victim, Frame frame) {
      noteMember(victim, frame);
      noteRange(victim, frame);
      victim.ifPresent(this::noteOldest);
      noteOldest(frame.link());
    }

    /** Segments before the one that is named last were thrown away in order. */
    private void noteOldest(Frame.Link record) {
      if (record.type() == Frame.Type.OLDEST_SEGMENT.number()) {
        oldest = Math.max(oldest, record.key());
      }
    }

    /** A lost registration is made good only by a later one of the same peer. */
    private void noteMember(Optional<Frame.Link> victim, Frame frame) {
      byte type = Frame.Type.REGISTERED.number();
      victim.filter(v -> v.type() == type).ifPresent(v -> members.add(v.key()));
      if (frame.link().type() == type) {
        members.remove(frame.link().key());
      }
    }

    /**
     * A lost promise for all instances is made good by its copy beside it, or by what came later: a
     * higher one, or the head of a segment, which has the highest of its time.
     */
    private void noteRange(Optional<Frame.Link> victim, Frame frame) {
      byte type = Frame.Type.PROMISE_RANGE.number();
      Optional<Long> lost = victim.filter(v -> v.type() == type).map(Frame.Link::key);
      if (lost.isPresent() && !lost.equals(lastRange)) {
        range = lost;
      }
      if (frame.type() == Frame.Type.PROMISE_RANGE) {
        lastRange = Optional.of(frame.link().key());
        range = Optional.empty();
      } else if (frame.type() == Frame.Type.SEGMENT_HEAD) {
        range = Optional.empty();
      }
    }

    void check(long first) throws LostDiskException {
      if (first > oldest) {
        throw new LostDiskException("of the log, the segments from " + SegmentHead.file(oldest)
            + " on to before " + SegmentHead.file(first) + " are missing");
      }
      if (range.isPresent()) {
        throw new LostDiskException("the log has lost what was promised for all instances");
      }
      if (!members.isEmpty()) {
        throw new LostDiskException("the log has lost which member it took for peer " + members);
      }
    }
  }

  /** Where a sound record was found. */
  private record Found(int index, int at, Frame frame) {}

  LogReader(Disk disk, List<Long> numbers) throws IOException {
    this.disk = disk;
    this.numbers = numbers;
    this.salt = salt(disk, numbers);
    this.bytes = load(0);
  }

  /** The next sound record; empty at the end of the log. */
  Optional<Frame> next() throws IOException {
    victim = Optional.empty();
    Optional<Found> found = expected(index, at, bytes.frame(at, salt));
    if (found.isEmpty() && index + 1 < numbers.size()) {
      found = expected(index + 1, 0, head(index + 1));
    }
    if (found.isEmpty()) {
      found = beyondRot();
    }
    if (found.isEmpty()) {
      return Optional.empty();
    }
    goTo(found.get());
    losses.note(victim, found.get().frame());
    // A head read on its own lies in a short buffer; the segment has the same bytes.
    return Optional.of(found.get().frame());
  }

  /** What the record before the one just returned was, if it could not be read. */
  Optional<Frame.Link> victim() {
    return victim;
  }

  /**
   * To be called behind the last record.
   *
   * @throws LostDiskException if segments are missing before the first, or the log no longer says
   *     which member stands for some peer, or what this one has promised
   */
  void checkComplete() throws LostDiskException {
    losses.check(numbers.get(0));
  }

  /** The segment of the record returned last. */
  long segment() {
    return numbers.get(index);
  }

  /** Where the record returned last stands. */
  LiveRecords.Spot spot() {
    return spot;
  }

  LogWriter.End end() {
    return new LogWriter.End(at, lsn, last, salt);
  }

  List<String> findings() {
    return findings;
  }

  private void goTo(Found found) throws IOException {
    if (found.index() != index) {
      index = found.index();
      bytes = load(index);
    }
    at = found.at() + found.frame().length();
    lsn = found.frame().lsn();
    spot = new LiveRecords.Spot(segment(), found.at(), found.frame().length(), lsn);
    last = found.frame().link();
  }

  private Optional<Found> expected(int in, int from, Optional<Frame> found) {
    boolean isFirst = in == 0 && from == 0;
    return found
        .filter(f -> isFirst
            ? f.type() == Frame.Type.SEGMENT_HEAD && f.link().key() == numbers.get(in)
            : f.lsn() == lsn + 1 && f.before().equals(last))
        .map(f -> new Found(in, from, f));
  }

  /**
   * The first sound record behind a place that cannot be read, if some record behind it says that
   * what stood there was synced.
   */
  private Optional<Found> beyondRot() throws IOException {
    Optional<Found> first = Optional.empty();
    boolean isSynced = false;
    for (int in = index; in < numbers.size() && !isSynced; in++) {
      SegmentBytes segment = in == index ? bytes : load(in);
      int from = in == index ? at : 0;
      while (from < segment.limit() && !isSynced) {
        Optional<Frame> frame = soundAt(segment, from);
        if (frame.isPresent()) {
          first = first.isPresent() ? first : Optional.of(new Found(in, from, frame.get()));
          isSynced = frame.get().synced() > lsn;
        }
        from = frame.isPresent() ? from + frame.get().length() : segment.possible(from + 8);
      }
    }
    String where = SegmentHead.file(segment()) + " at byte " + at;
    if (!isSynced) {
      if (first.isPresent() || isBegun()) {
        findings.add("torn tail cut off: " + where + ", behind log position " + lsn);
      }
      return Optional.empty();
    }
    Frame beyond = first.orElseThrow().frame();
    boolean isNamed = beyond.lsn() == lsn + 2 || (lsn == 0 && isBehindFirstHead(beyond));
    if (!isNamed) {
      throw new LostDiskException("log positions " + (lsn + 1) + " to " + (beyond.lsn() - 1)
          + " cannot be read (" + where + "), and what they said cannot be told");
    }
    findings.add("rot: log position " + (beyond.lsn() - 1) + " (" + where + ") was "
        + Frame.Type.of(beyond.before().type()) + " " + beyond.before().key());
    victim = Optional.of(beyond.before());
    return first;
  }

  private boolean isBehindFirstHead(Frame frame) {
    return frame.before().type() == Frame.Type.SEGMENT_HEAD.number()
        && frame.before().key() == numbers.get(0);
  }

  /** A record here that may come later than the last; older ones are what the file held before. */
  private Optional<Frame> soundAt(SegmentBytes segment, int from) throws IOException {
    return segment.frame(from, salt).filter(f -> f.lsn() > lsn + 1);
  }

  /** Whether the place of the next record shows a piece of it. */
  private boolean isBegun() {
    return bytes.shows(lsn + 1, at);
  }

  private SegmentBytes load(int which) throws IOException {
    return SegmentBytes.of(disk, SegmentHead.file(numbers.get(which)));
  }

  /** The head of a segment that may not be worth reading. */
  private Optional<Frame> head(int which) throws IOException {
    return Frame.read(head(disk, numbers.get(which)), 0, salt);
  }

  private static ByteBuffer head(Disk disk, long number) throws IOException {
    ByteBuffer head = ByteBuffer.allocate(SegmentHead.BYTES);
    disk.read(SegmentHead.file(number), 0, head);
    return head.flip();
  }

  /** The log's salt, from the first head that can be read. */
  private static int salt(Disk disk, List<Long> numbers) throws IOException {
    for (long number : numbers) {
      Optional<Frame> frame =
          Frame.read(head(disk, number), 0, 0).filter(f -> f.type() == Frame.Type.SEGMENT_HEAD);
      if (frame.isPresent()) {
        SegmentHead head = SegmentHead.get(frame.get().payload());
        if (head.number() == number) {
          return head.salt();
        }
      }
    }
    throw new LostDiskException("no segment of the log has a head that can be read");
  }
}
