package dev.paxoskv.paxos.journal;

import dev.paxoskv.paxos.journal.LiveRecords.Spot;
import dev.paxoskv.paxos.journal.format.Frame;
import dev.paxoskv.paxos.journal.format.Payloads;
import dev.paxoskv.paxos.journal.format.SegmentHead;
import dev.paxoskv.paxos.protocol.DurableRecord;
import dev.paxoskv.paxos.protocol.Recovered;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Lays records out in segments and gathers their bytes until they are taken to be written. Protocol
 * thread only.
 */
final class LogWriter {
  private static final int BUFFER_BYTES_MIN = 16 << 10;

  /** A buffer that had to grow beyond this is not kept. */
  private static final int BUFFER_BYTES_KEPT = 4 << 20;

  /** Where the log ends: the next record goes to {@code offset} of the newest segment. */
  record End(long offset, long lsn, Frame.Link last, int salt) {}

  /**
   * Records that are written and synced together: one write and one sync for each segment they
   * reach, which is one segment almost always.
   */
  record Batch(ByteBuffer bytes, List<Part> parts) {

    /**
     * The records that go into one segment.
     *
     * @param opens the size of the file if it must be made first, else 0
     * @param spare the file to make it of
     */
    record Part(String file, long offset, int from, long opens, Optional<String> spare) {
      Part from(int at) {
        return new Part(file, offset, at, opens, spare);
      }
    }

    /**
     * Returns when everything is durable. A segment is begun only once the one before is synced.
     */
    Batch perform(Disk disk) throws IOException {
      for (int i = 0; i < parts.size(); i++) {
        Part part = parts.get(i);
        int to = i + 1 < parts.size() ? parts.get(i + 1).from() : bytes.limit();
        if (part.opens() > 0) {
          open(disk, part);
        }
        disk.write(part.file(), part.offset(), bytes.duplicate().limit(to).position(part.from()));
        disk.sync(part.file());
      }
      return this;
    }

    /** This one and {@code next}, which was laid out behind it, in the buffer of this one. */
    Batch with(Batch next) {
      int end = bytes.limit();
      List<Part> all = new ArrayList<>(parts);
      for (Part part : next.parts) {
        boolean goesOn = all.get(all.size() - 1).file().equals(part.file());
        if (!goesOn) {
          all.add(part.from(end + part.from()));
        }
      }
      ByteBuffer joined = room(bytes.position(end).limit(bytes.capacity()), next.bytes.remaining());
      return new Batch(joined.put(next.bytes.duplicate()).flip(), all);
    }

    private static void open(Disk disk, Part part) throws IOException {
      if (part.spare().isPresent()) {
        disk.rename(part.spare().get(), part.file());
      } else {
        disk.create(part.file(), part.opens());
      }
      disk.syncDirectory();
    }
  }

  private final Segments segments;
  private final Recovered state;
  private final int salt;
  private ByteBuffer gathered = ByteBuffer.allocate(BUFFER_BYTES_MIN);
  private final ArrayDeque<ByteBuffer> unused = new ArrayDeque<>();
  private List<Batch.Part> parts = new ArrayList<>();
  private long offset;
  private long lsn;
  private long synced;
  private Frame.Link last;
  private Spot spot = new Spot(0, 0, 0, 0);

  /** Everything up to {@code end} is durable. */
  LogWriter(Segments segments, Recovered state, End end) {
    this.segments = segments;
    this.state = state;
    this.salt = end.salt();
    this.offset = end.offset();
    this.lsn = end.lsn();
    this.synced = end.lsn();
    this.last = end.last();
  }

  /** Position of the last record written. */
  long lsn() {
    return lsn;
  }

  int salt() {
    return salt;
  }

  /** Where the last record will stand; of a promise for all, the second copy. */
  Spot spot() {
    return spot;
  }

  boolean isEmpty() {
    return parts.isEmpty();
  }

  /** Size of what has gathered and was not taken yet. */
  int gatheredBytes() {
    return gathered.position();
  }

  boolean endsWithMarker() {
    return last.type() == Frame.Type.SYNCED.number();
  }

  /** Everything up to {@code upTo} is durable; from here on records say so. */
  void durable(long upTo) {
    synced = Math.max(synced, upTo);
  }

  /**
   * A promise for all instances is written twice, side by side: no other record can stand in for
   * one that the disk has lost.
   */
  void write(DurableRecord record) {
    int size = Frame.bytes(Payloads.size(record));
    rollFor((int) size(record));
    if (record instanceof DurableRecord.RangePromised) {
      lay(record, size);
    }
    lay(record, size);
  }

  /** What {@link #write} takes for it, in bytes. */
  long size(DurableRecord record) {
    int copies = record instanceof DurableRecord.RangePromised ? 2 : 1;
    return (long) copies * Frame.bytes(Payloads.size(record));
  }

  private void lay(DurableRecord record, int size) {
    int at = begin(size);
    Payloads.put(record, gathered);
    end(at, size, Payloads.type(record), Payloads.key(record));
  }

  /** A record that says nothing but how far the log is durable. */
  void writeMarker() {
    int size = Frame.bytes(0);
    rollFor(size);
    int at = begin(size);
    end(at, size, Frame.Type.SYNCED, -1);
  }

  /**
   * A record that no segment before {@code number} is needed: to be durable before one goes, so
   * that one which is missing for another reason is missed.
   */
  void writeOldest(long number) {
    int size = Frame.bytes(Long.BYTES);
    rollFor(size);
    int at = begin(size);
    gathered.putLong(number);
    end(at, size, Frame.Type.OLDEST_SEGMENT, number);
  }

  /** Takes what has gathered. The batch's buffer comes back by {@link #reuse}. */
  Batch take() {
    Batch batch = new Batch(gathered.flip(), parts);
    gathered = unused.isEmpty() ? ByteBuffer.allocate(BUFFER_BYTES_MIN) : unused.pop();
    parts = new ArrayList<>();
    return batch;
  }

  /** Takes what has gathered since {@code batch} was taken, of which nothing was written yet. */
  Batch takeWith(Batch batch) {
    Batch next = take();
    Batch both = batch.with(next);
    reuse(next);
    return both;
  }

  void reuse(Batch batch) {
    ByteBuffer spent = batch.bytes();
    if (spent.capacity() <= BUFFER_BYTES_KEPT) {
      unused.push(spent.clear());
    }
  }

  /** Nothing is written for now: buffers that grew with what was written are let go of. */
  void rest() {
    unused.clear();
    if (parts.isEmpty() && gathered.capacity() > BUFFER_BYTES_MIN) {
      gathered = ByteBuffer.allocate(BUFFER_BYTES_MIN);
    }
  }

  private void rollFor(int size) {
    long number = segments.current();
    if (offset + size <= segments.size(number)) {
      return;
    }
    long next = number + 1;
    long bytes = Math.max(segments.bytes, (long) SegmentHead.BYTES + size);
    Optional<String> spare = segments.takeSpare(bytes);
    segments.add(next, bytes);
    offset = 0;
    // The segment before is synced before this one is begun, so the claim is true when it is read.
    synced = lsn;
    parts.add(new Batch.Part(SegmentHead.file(next), 0, gathered.position(), bytes, spare));
    int at = begin(SegmentHead.BYTES);
    new SegmentHead(salt, next, state.min(), state.snapshot(), state.rangePromised()).put(gathered);
    end(at, SegmentHead.BYTES, Frame.Type.SEGMENT_HEAD, next);
  }

  private int begin(int size) {
    if (parts.isEmpty()) {
      String file = SegmentHead.file(segments.current());
      parts.add(new Batch.Part(file, offset, gathered.position(), 0, Optional.empty()));
    }
    gathered = room(gathered, size);
    int at = gathered.position();
    gathered.position(at + Frame.HEADER_BYTES);
    return at;
  }

  /** The same bytes so far, with room for {@code size} more. */
  private static ByteBuffer room(ByteBuffer in, int size) {
    if (in.remaining() >= size) {
      return in;
    }
    int capacity = Math.max(in.capacity() * 2, in.position() + size);
    return ByteBuffer.allocate(capacity).put(in.flip());
  }

  private void end(int at, int size, Frame.Type type, long key) {
    while (gathered.position() < at + size) {
      gathered.put((byte) 0);
    }
    lsn++;
    int crc = Frame.seal(gathered, at, type, new Frame.Stamp(lsn, synced, salt), last);
    last = new Frame.Link(crc, type.number(), key);
    spot = new Spot(segments.current(), offset, size, lsn);
    offset += size;
  }
}
