package dev.paxoskv.paxos.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.paxos.journal.LogWriter.Batch;
import dev.paxoskv.paxos.journal.LogWriter.Batch.Part;
import dev.paxoskv.paxos.journal.format.Frame;
import dev.paxoskv.paxos.journal.format.SegmentHead;
import dev.paxoskv.paxos.protocol.DurableRecord.Floor;
import dev.paxoskv.paxos.protocol.DurableRecord.RangePromised;
import dev.paxoskv.paxos.protocol.Recovered;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class LogWriterTest {
  private static final int SEGMENT = 6 << 20;
  private static final int MARKER = 40;
  private static final int MARK = 48;

  @Test
  void nothingIsWrittenBehindTheEndOfASegment() {
    assertThat(partsOf(MARKER, LogWriter::writeMarker)).containsExactly(1L);
    assertThat(partsOf(MARKER - 8, LogWriter::writeMarker)).containsExactly(2L);
    assertThat(partsOf(MARK, w -> w.writeOldest(1))).containsExactly(1L);
    assertThat(partsOf(MARK - 8, w -> w.writeOldest(1))).containsExactly(2L);
    assertThat(partsOf(MARK, w -> w.write(new Floor(1)))).containsExactly(1L);
    assertThat(partsOf(MARK - 8, w -> w.write(new Floor(1)))).containsExactly(2L);
    // Both copies of a promise for all instances stand in one segment.
    assertThat(partsOf(2 * 72, w -> w.write(new RangePromised(Log.ballot(3))))).containsExactly(1L);
    assertThat(partsOf(2 * 72 - 8, w -> w.write(new RangePromised(Log.ballot(3)))))
        .containsExactly(2L);
  }

  /** The segments that a record reaches when so many bytes of the first are left. */
  private static Iterable<Long> partsOf(int left, Consumer<LogWriter> write) {
    LogWriter writer = writer(SEGMENT - left);
    write.accept(writer);
    return writer.take().parts().stream()
        .map(Part::file)
        .map(SegmentHead::number)
        .toList();
  }

  @Test
  void aSegmentOfItsOwnIsAsLargeAsItsRecord() {
    LogWriter writer = writer(SEGMENT - 8);
    writer.write(Log.vote(1, 1, "x".repeat(SEGMENT)));
    long size = Frame.bytes(8 + 20 + 4 + SEGMENT);
    assertThat(writer.take().parts())
        .containsExactly(
            new Part(SegmentHead.file(2), 0, 0, SegmentHead.BYTES + size, Optional.empty()));
  }

  @Test
  void whatARecordTakesIsKnownBefore() {
    LogWriter writer = writer(0);
    assertThat(writer.size(new Floor(1))).isEqualTo(MARK);
    writer.write(new Floor(1));
    assertThat(writer.gatheredBytes()).isEqualTo(MARK);
    assertThat(writer.size(new RangePromised(Log.ballot(3)))).isEqualTo(2 * 72);
    writer.write(new RangePromised(Log.ballot(3)));
    assertThat(writer.gatheredBytes()).isEqualTo(MARK + 2 * 72);
  }

  /** A long burst must not hold memory for ever. */
  @Test
  void buffersAreUsedAgainUnlessTheyAreLargeOrTheLogRests() {
    LogWriter writer = writer(0);
    assertThat(afterWriting(writer, 0)).isEqualTo(16 << 10);
    // From then on in turn with the one that was taken for what came next.
    int grown = afterWriting(writer, 100_000);
    assertThat(grown).isGreaterThan(100_000);
    assertThat(afterWriting(writer, 0)).isEqualTo(16 << 10);
    assertThat(afterWriting(writer, 0)).isEqualTo(grown);
    afterWriting(writer, 0);
    writer.write(new Floor(1));
    writer.rest();
    assertThat(writer.take().bytes().remaining()).isEqualTo(MARK);
    writer.rest();
    assertThat(afterWriting(writer, 0)).isEqualTo(16 << 10);

    assertThat(afterWriting(writer, 5 << 20)).isGreaterThan(5 << 20);
    assertThat(afterWriting(writer, 0)).isEqualTo(16 << 10);
    assertThat(afterWriting(writer, 0)).isEqualTo(16 << 10);
  }

  private static int afterWriting(LogWriter writer, int bytes) {
    writer.write(Log.vote(1, 1, "x".repeat(bytes)));
    Batch batch = writer.take();
    int capacity = batch.bytes().capacity();
    writer.reuse(batch);
    return capacity;
  }

  private static LogWriter writer(long offset) {
    Segments segments = new Segments(SEGMENT);
    segments.add(1, SEGMENT);
    return new LogWriter(
        segments, new Recovered(), new LogWriter.End(offset, 9, Frame.Link.NONE, Log.SALT));
  }
}
