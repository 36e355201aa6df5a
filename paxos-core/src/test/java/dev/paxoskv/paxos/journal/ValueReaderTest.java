package dev.paxoskv.paxos.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.paxos.journal.LiveRecords.Spot;
import dev.paxoskv.paxos.journal.LiveRecords.Wanted;
import dev.paxoskv.paxos.journal.LogWriter.End;
import dev.paxoskv.paxos.journal.format.Frame;
import dev.paxoskv.paxos.journal.format.SegmentHead;
import dev.paxoskv.paxos.protocol.DurableRecord;
import dev.paxoskv.paxos.protocol.Recovered;
import dev.paxoskv.paxos.protocol.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ValueReaderTest {
  private static final int SEGMENT = 6 << 20;

  private final MemoryDisk disk = new MemoryDisk();
  private final LogWriter writer;

  ValueReaderTest() throws IOException {
    Segments segments = new Segments(SEGMENT);
    segments.add(1, SEGMENT);
    disk.create(SegmentHead.file(1), SEGMENT);
    writer = new LogWriter(segments, new Recovered(), new End(0, 1, Frame.Link.NONE, Log.SALT));
  }

  @Test
  void neighboursAreReadTogether() throws IOException {
    List<Wanted> wanted = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      wanted.add(written(Log.vote(i, 1, "x".repeat(100_000))));
    }
    assertThat(reads(wanted)).isEqualTo(1);
    // Not if the second stands before the first.
    Collections.reverse(wanted);
    assertThat(reads(wanted)).isEqualTo(5);
    assertThat(reads(List.of(wanted.get(0), wanted.get(0)))).isEqualTo(2);
  }

  @Test
  void onePieceIsTwoMebibytesOrOneRecord() throws IOException {
    int half = (1 << 20) - 72;
    Wanted first = written(Log.vote(0, 1, "x".repeat(half)));
    Wanted second = written(Log.vote(1, 1, "x".repeat(half)));
    assertThat(first.spot().length() + second.spot().length()).isEqualTo(2 << 20);
    Wanted third = written(Log.vote(2, 1, "x".repeat(half + 8)));
    Wanted large = written(Log.decided(3, "x".repeat(5 << 20)));
    assertThat(reads(List.of(first, second))).isEqualTo(1);
    assertThat(reads(List.of(second, third))).isEqualTo(2);
    assertThat(large.spot().segment()).isEqualTo(2);
    assertThat(reads(List.of(third, large))).isEqualTo(2);
    assertThat(reads(List.of(large))).isEqualTo(1);
  }

  @Test
  void twoSegmentsAreNoNeighbours() throws IOException {
    Wanted first = written(Log.vote(0, 1, "first"));
    written(Log.vote(1, 1, "x".repeat(SEGMENT - 500)));
    written(Log.vote(2, 1, "x".repeat(500)));
    Wanted next = written(Log.vote(3, 1, "next"));
    assertThat(next.spot().segment()).isEqualTo(2);
    assertThat(next.spot().offset()).isBetween(1L, 2L << 20);
    assertThat(reads(List.of(first, next))).isEqualTo(2);
  }

  @Test
  void whatIsNotTheRecordOfThatPositionIsLeftOut() throws IOException {
    Wanted first = written(Log.vote(0, 1, "x"));
    Wanted second = written(Log.promise(1, 1));
    Wanted third = written(Log.decidedAsVoted(0, "x"));
    Wanted fourth = written(Log.decided(3, "y"));
    Spot spot = first.spot();
    // The file was used again, and another record stands at this place.
    Wanted other =
        new Wanted(5, new Spot(spot.segment(), spot.offset(), spot.length(), spot.lsn() - 1));
    Wanted gone = new Wanted(6, new Spot(9, 0, 64, 99));
    List<Wanted> wanted = List.of(first, second, third, fourth, other, gone);
    assertThat(ValueReader.read(disk, Log.SALT, wanted))
        .hasSize(2)
        .containsEntry(0L, Value.of("x"))
        .containsEntry(3L, Value.of("y"));
    assertThat(ValueReader.read(disk, Log.SALT, List.of())).isEmpty();
  }

  private int reads(List<Wanted> wanted) {
    int before = disk.reads;
    assertThat(ValueReader.read(disk, Log.SALT, wanted))
        .hasSize((int) wanted.stream().map(Wanted::seq).distinct().count());
    return disk.reads - before;
  }

  private Wanted written(DurableRecord record) throws IOException {
    writer.write(record);
    writer.take().perform(disk);
    return new Wanted(record.seq(), writer.spot());
  }
}
