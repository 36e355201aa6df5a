package dev.paxoskv.paxos.journal.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.Recovered;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class FrameTest {
  private static final int SALT = 3;

  /** A record that is nothing but its header, and behind it nothing more. */
  private final ByteBuffer marker = sealed(Frame.Type.SYNCED, new Frame.Stamp(8, 5, SALT));

  @Test
  void aRecordUpToTheLastByteIsRead() {
    Frame frame = Frame.read(marker, 0, SALT).orElseThrow();
    assertThat(frame.length()).isEqualTo(Frame.HEADER_BYTES);
    assertThat(frame.lsn()).isEqualTo(8);
    assertThat(frame.synced()).isEqualTo(5);
    assertThat(frame.before()).isEqualTo(Frame.Link.NONE);
    assertThat(frame.link()).isEqualTo(new Frame.Link(frame.crc(), Frame.Type.SYNCED.number(), -1));
  }

  @Test
  void whatIsCutShortIsNoRecord() {
    for (int limit = 0; limit < Frame.HEADER_BYTES; limit++) {
      assertThat(Frame.read(marker.duplicate().limit(limit), 0, SALT)).isEmpty();
    }
    ByteBuffer longer = ByteBuffer.allocate(Frame.HEADER_BYTES + 8);
    longer.position(longer.capacity());
    Frame.seal(longer, 0, Frame.Type.FLOOR, new Frame.Stamp(8, 5, SALT), Frame.Link.NONE);
    assertThat(Frame.read(longer.duplicate(), 0, SALT)).isPresent();
    assertThat(Frame.read(longer.duplicate().limit(Frame.HEADER_BYTES), 0, SALT))
        .isEmpty();
  }

  @Test
  void anotherLogsRecordIsNone() {
    assertThat(Frame.read(marker, 0, SALT + 1)).isEmpty();
  }

  @Test
  void noRecordStandsAtPositionZero() {
    ByteBuffer zero = sealed(Frame.Type.SYNCED, new Frame.Stamp(0, 0, SALT));
    assertThat(Frame.read(zero, 0, SALT)).isEmpty();
  }

  @Test
  void aTypeOfANewerVersionIsSaidToBeUnknown() {
    marker.put(12, (byte) 14);
    CRC32C crc = new CRC32C();
    crc.update(marker.slice(0, 4));
    crc.update(marker.slice(8, Frame.HEADER_BYTES - 8));
    marker.putInt(4, (int) crc.getValue() ^ SALT);
    assertThatThrownBy(() -> Frame.read(marker, 0, SALT))
        .hasMessage("record type 14 is not known here");
    assertThatThrownBy(() -> Frame.Type.of((byte) 0)).hasMessageContaining("type 0 ");
    assertThatThrownBy(() -> Frame.Type.of((byte) -1)).hasMessageContaining("type -1 ");
  }

  @Test
  void aSegmentsHeadIsReadBeforeItsSaltIsKnownAndCarriesTheMarks() throws IOException {
    Ballot ballot = new Ballot(5, 1, 7);
    SegmentHead head = new SegmentHead(SALT, 4, 10, 20, ballot);
    ByteBuffer bytes = ByteBuffer.allocate(SegmentHead.BYTES).position(Frame.HEADER_BYTES);
    head.put(bytes);
    Frame.seal(bytes, 0, Frame.Type.SEGMENT_HEAD, new Frame.Stamp(9, 0, SALT), Frame.Link.NONE);
    Frame frame = Frame.read(bytes.flip(), 0, 0).orElseThrow();
    assertThat(frame.link().key()).isEqualTo(4);
    SegmentHead back = SegmentHead.get(frame.payload());
    assertThat(back).isEqualTo(head);
    Recovered recovered = new Recovered();
    back.addTo(recovered);
    assertThat(recovered.min()).isEqualTo(10);
    assertThat(recovered.snapshot()).isEqualTo(20);
    assertThat(recovered.rangePromised()).isEqualTo(ballot);
  }

  @Test
  void aLogOfAnotherFormatIsRefused() {
    ByteBuffer bytes = ByteBuffer.allocate(SegmentHead.BYTES);
    new SegmentHead(SALT, 1, 0, -1, Ballot.ZERO).put(bytes);
    ByteBuffer newer = ByteBuffer.wrap(bytes.array().clone()).putInt(8, 3);
    assertThatThrownBy(() -> SegmentHead.get(newer))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("the log has format version 3, this program reads version 2");
    ByteBuffer other = ByteBuffer.wrap(bytes.array().clone()).putLong(0, 1);
    assertThatThrownBy(() -> SegmentHead.get(other)).isInstanceOf(IOException.class);
  }

  private static ByteBuffer sealed(Frame.Type type, Frame.Stamp stamp) {
    ByteBuffer bytes = ByteBuffer.allocate(Frame.HEADER_BYTES).position(Frame.HEADER_BYTES);
    Frame.seal(bytes, 0, type, stamp, Frame.Link.NONE);
    return bytes.flip();
  }
}
