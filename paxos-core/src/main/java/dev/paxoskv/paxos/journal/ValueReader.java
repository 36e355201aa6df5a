package dev.paxoskv.paxos.journal;

import dev.paxoskv.paxos.journal.LiveRecords.Spot;
import dev.paxoskv.paxos.journal.LiveRecords.Wanted;
import dev.paxoskv.paxos.journal.format.Frame;
import dev.paxoskv.paxos.journal.format.Payloads;
import dev.paxoskv.paxos.journal.format.SegmentHead;
import dev.paxoskv.paxos.protocol.DurableRecord;
import dev.paxoskv.paxos.protocol.DurableRecord.Decided;
import dev.paxoskv.paxos.protocol.DurableRecord.Voted;
import dev.paxoskv.paxos.protocol.Value;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Reads single values from the log. What is not there as it was written is left out: the medium has
 * lost it, or the segment was thrown away meanwhile, and its file may be another one by now.
 */
final class ValueReader {
  /** Neighbours are read in one piece of up to so many bytes, or of one record. */
  private static final long PIECE_BYTES_MAX = 2L << 20;

  private final Disk disk;
  private final int salt;
  private final TreeMap<Long, Value> values = new TreeMap<>();

  private ValueReader(Disk disk, int salt) {
    this.disk = disk;
    this.salt = salt;
  }

  /** The values that are where {@code wanted} says, by instance. Blocks. */
  static NavigableMap<Long, Value> read(Disk disk, int salt, List<Wanted> wanted) {
    ValueReader reader = new ValueReader(disk, salt);
    int from = 0;
    for (int to = 1; to <= wanted.size(); to++) {
      if (to == wanted.size() || !isOnePiece(wanted.get(from), wanted.get(to))) {
        reader.readPiece(wanted.subList(from, to));
        from = to;
      }
    }
    return reader.values;
  }

  private static boolean isOnePiece(Wanted first, Wanted next) {
    Spot a = first.spot();
    Spot b = next.spot();
    return a.segment() == b.segment()
        && b.offset() > a.offset()
        && b.offset() + b.length() - a.offset() <= PIECE_BYTES_MAX;
  }

  private void readPiece(List<Wanted> piece) {
    Spot first = piece.get(0).spot();
    long end = piece.stream()
        .map(Wanted::spot)
        .mapToLong(spot -> spot.offset() + spot.length())
        .max()
        .orElseThrow();
    ByteBuffer bytes = ByteBuffer.allocate((int) (end - first.offset()));
    try {
      disk.read(SegmentHead.file(first.segment()), first.offset(), bytes);
    } catch (IOException e) {
      // As good as rotten, or gone with its segment: whoever asked knows which.
      return;
    }
    bytes.flip();
    for (Wanted each : piece) {
      int at = (int) (each.spot().offset() - first.offset());
      Frame.read(bytes, at, salt)
          .filter(frame -> frame.lsn() == each.spot().lsn())
          .flatMap(ValueReader::value)
          .ifPresent(value -> values.put(each.seq(), value));
    }
  }

  private static Optional<Value> value(Frame frame) {
    if (frame.type() != Frame.Type.ACCEPT && frame.type() != Frame.Type.DECIDED) {
      return Optional.empty();
    }
    DurableRecord record = Payloads.get(frame.type(), frame.payload());
    return record instanceof Voted voted
        ? Optional.of(voted.vote().value())
        : ((Decided) record).value();
  }
}
