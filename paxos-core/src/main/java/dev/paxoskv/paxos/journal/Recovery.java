package dev.paxoskv.paxos.journal;

import dev.paxoskv.paxos.journal.format.Frame;
import dev.paxoskv.paxos.journal.format.Payloads;
import dev.paxoskv.paxos.journal.format.SegmentHead;
import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.DurableRecord;
import dev.paxoskv.paxos.protocol.Recovered;
import dev.paxoskv.paxos.protocol.roles.ReplicaConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Reads the log after a start, and leaves it such that everything read is durable: the newest
 * segment is written once more and synced, because what was read may have been in memory only.
 *
 * <p>Where a record cannot be read there are two cases. Nothing that stands behind it says that it
 * was ever synced: the tail was torn by a crash, nobody was told of it, and it is cut off. Or a
 * later record says so: then the disk has rotted. Such a record is never cut off; the one behind it
 * names its instance, about which the acceptor says nothing from then on. Blocks; not thread-safe.
 */
public final class Recovery {
  /** Size of segments where nothing else is wanted, in bytes. */
  public static final long SEGMENT_BYTES = 64L << 20;

  private static final String FRESH = "fresh";
  private static final int PIECE_BYTES = 1 << 20;
  private static final long SEGMENT_BYTES_MIN = 256;

  private final Disk disk;
  private final Segments segments;
  private final LiveRecords live = new LiveRecords();
  private final List<String> findings = new ArrayList<>();
  private final long heapBytes;
  private long held;
  private LogWriter.End end = new LogWriter.End(0, 0, Frame.Link.NONE, 0);

  private Recovery(Disk disk, long segmentBytes, long heapBytes) {
    this.disk = disk;
    this.heapBytes = heapBytes;
    this.segments = new Segments(segmentBytes);
  }

  /**
   * As {@link #open(Disk, long, long, int)}, with as much memory for values as is usual.
   *
   * @throws IOException as that does
   */
  public static Recovery open(Disk disk, long segmentBytes, int salt) throws IOException {
    return open(disk, segmentBytes, ReplicaConfig.HEAP_BYTES, salt);
  }

  /**
   * Reads the log on {@code disk}, or begins one if there is none.
   *
   * @param segmentBytes size of new segments; a larger record gets a segment of its own
   * @param heapBytes about so many bytes of decided values are kept in memory; older ones are
   *     spilled, that is, stay on the disk only
   * @param salt random; taken by a new log, so that nobody can make bytes that pass for its records
   * @throws LostDiskException if it cannot be told what was lost
   * @throws IOException if the disk fails, or the log is of a newer format
   */
  public static Recovery open(Disk disk, long segmentBytes, long heapBytes, int salt)
      throws IOException {
    if (segmentBytes < SEGMENT_BYTES_MIN) {
      throw new IllegalArgumentException(
          "a segment of " + segmentBytes + " bytes is below " + SEGMENT_BYTES_MIN);
    }
    Recovery recovery = new Recovery(disk, segmentBytes, heapBytes);
    List<String> files = disk.list().stream().sorted().toList();
    if (files.stream().noneMatch(SegmentHead::isSegment)) {
      recovery.begin(files, salt);
    } else {
      recovery.read(files);
    }
    recovery.takeSpares(files);
    return recovery;
  }

  /**
   * Writes {@code records} behind what was read, and a marker behind them, so that none of them can
   * rot unseen. For a log at which nobody works; this recovery is used up by it.
   *
   * @throws IOException if the disk fails
   */
  public void append(List<? extends DurableRecord> records) throws IOException {
    LogWriter writer = new LogWriter(segments, live.state(), end);
    records.forEach(writer::write);
    writer.take().perform(disk);
    writer.durable(writer.lsn());
    writer.writeMarker();
    writer.take().perform(disk);
  }

  /** What the records add up to. */
  public Recovered recovered() {
    return live.state();
  }

  /** What was out of order, a line each; empty after an orderly stop. */
  public List<String> findings() {
    return List.copyOf(findings);
  }

  /** Position of the last record in the log. */
  public long lsn() {
    return end.lsn();
  }

  LiveRecords live() {
    return live;
  }

  Segments segments() {
    return segments;
  }

  LogWriter.End end() {
    return end;
  }

  /** The first segment gets its name only when it is whole, so one without a head is no crash. */
  private void begin(List<String> files, int salt) throws IOException {
    for (String file : files) {
      if (Segments.isSpare(file) || file.startsWith("snapshot-")) {
        throw new LostDiskException("the log is gone, but " + file + " is there");
      }
    }
    if (files.contains(FRESH)) {
      disk.delete(FRESH);
    }
    disk.create(FRESH, segments.bytes);
    ByteBuffer bytes = ByteBuffer.allocate(SegmentHead.BYTES);
    bytes.position(Frame.HEADER_BYTES);
    new SegmentHead(salt, 1, 0, -1, Ballot.ZERO).put(bytes);
    Frame.Stamp stamp = new Frame.Stamp(1, 0, salt);
    int crc = Frame.seal(bytes, 0, Frame.Type.SEGMENT_HEAD, stamp, Frame.Link.NONE);
    disk.write(FRESH, 0, bytes.flip());
    disk.sync(FRESH);
    disk.rename(FRESH, SegmentHead.file(1));
    disk.syncDirectory();
    segments.add(1, segments.bytes);
    Frame.Link link = new Frame.Link(crc, Frame.Type.SEGMENT_HEAD.number(), 1);
    end = new LogWriter.End(SegmentHead.BYTES, 1, link, salt);
  }

  private void read(List<String> files) throws IOException {
    List<Long> numbers =
        files.stream().filter(SegmentHead::isSegment).map(SegmentHead::number).toList();
    for (int i = 1; i < numbers.size(); i++) {
      if (numbers.get(i) != numbers.get(0) + i) {
        throw new LostDiskException("of the log, the segments between "
            + SegmentHead.file(numbers.get(i - 1)) + " and " + SegmentHead.file(numbers.get(i))
            + " are missing");
      }
    }
    LogReader reader = new LogReader(disk, numbers);
    Optional<Frame> frame = reader.next();
    while (frame.isPresent()) {
      reader.victim().ifPresent(victim -> damage(victim, live, reader.spot()));
      add(frame.get(), live, reader.spot());
      spill(frame.get());
      frame = reader.next();
    }
    findings.addAll(reader.findings());
    reader.checkComplete();
    end = reader.end();
    for (long number : numbers) {
      if (number > reader.segment()) {
        disk.delete(SegmentHead.file(number));
      } else {
        segments.add(number, disk.size(SegmentHead.file(number)));
      }
    }
    disk.syncDirectory();
    rewrite(SegmentHead.file(reader.segment()));
  }

  /** Of a long log memory holds the newest values only. */
  private void spill(Frame frame) {
    if (frame.type() == Frame.Type.DECIDED) {
      long seq = frame.link().key();
      Optional<Recovered.Instance> instance =
          Optional.ofNullable(live.state().instances().get(seq));
      held += LiveRecords.weight(instance.flatMap(Recovered.Instance::decided));
    }
    if (held > heapBytes) {
      live.spillDownTo(heapBytes / 2);
      held = heapBytes / 2;
    }
  }

  static void add(Frame frame, LiveRecords live, LiveRecords.Spot spot) throws IOException {
    if (frame.type() == Frame.Type.SEGMENT_HEAD) {
      SegmentHead.get(frame.payload()).addTo(live.state());
    } else if (frame.type() != Frame.Type.SYNCED && frame.type() != Frame.Type.OLDEST_SEGMENT) {
      live.add(Payloads.get(frame.type(), frame.payload().duplicate()), spot);
    }
  }

  /** A record that was durable is gone; {@code victim} is how its successor names it. */
  static void damage(Frame.Link victim, LiveRecords live, LiveRecords.Spot behind) {
    long segment = behind.segment();
    long key = victim.key();
    switch (Frame.Type.of(victim.type())) {
      case PROMISE_SLOT -> live.damage(key, Recovered.Damage.PROMISE, segment);
      case ACCEPT, FAULTY -> live.damage(key, Recovered.Damage.VOTE, segment);
      case DECIDED -> {
        // It may have been all that mended an earlier loss.
        Recovered.Instance left = live.state().instances().get(key);
        boolean isVoteLeft = left != null && left.vote().isPresent();
        live.damage(key, isVoteLeft ? Recovered.Damage.PROMISE : Recovered.Damage.VOTE, segment);
      }
      case FLOOR -> live.add(new DurableRecord.Floor(key), behind);
      case SNAPSHOT_MARK -> live.add(new DurableRecord.SnapshotMark(key), behind);
      case SEGMENT_HEAD, SYNCED, DONE, REGISTERED, PROMISE_RANGE, OLDEST_SEGMENT -> {
        // Nothing rests on one of the first alone; the reader sees to the others.
      }
    }
  }

  /** Writes the newest segment as it was read, and zeros behind its end. */
  private void rewrite(String file) throws IOException {
    long size = disk.size(file);
    // One for all: the reader's segment is still in memory, and a collection now would copy it.
    byte[] piece = new byte[(int) Math.min(PIECE_BYTES, size)];
    for (long at = 0; at < size; at += PIECE_BYTES) {
      int length = (int) Math.min(PIECE_BYTES, size - at);
      int used = (int) Math.max(0, Math.min(length, end.offset() - at));
      int read = disk.read(file, at, ByteBuffer.wrap(piece, 0, used));
      Arrays.fill(piece, read, length, (byte) 0);
      disk.write(file, at, ByteBuffer.wrap(piece, 0, length));
    }
    disk.sync(file);
  }

  private void takeSpares(List<String> files) throws IOException {
    for (String file : files) {
      if (Segments.isSpare(file)) {
        takeSpare(file);
      }
    }
    disk.syncDirectory();
  }

  /** One that is too short was not finished; the size of segments may have been another, too. */
  private void takeSpare(String file) throws IOException {
    if (disk.size(file) == segments.bytes && segments.needsSpare()) {
      segments.addSpare(file);
    } else {
      disk.delete(file);
    }
  }
}
