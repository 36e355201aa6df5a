package dev.paxoskv.paxos.journal.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.DurableRecord;
import dev.paxoskv.paxos.protocol.DurableRecord.Decided;
import dev.paxoskv.paxos.protocol.DurableRecord.DoneMark;
import dev.paxoskv.paxos.protocol.DurableRecord.Faulty;
import dev.paxoskv.paxos.protocol.DurableRecord.Floor;
import dev.paxoskv.paxos.protocol.DurableRecord.Promised;
import dev.paxoskv.paxos.protocol.DurableRecord.RangePromised;
import dev.paxoskv.paxos.protocol.DurableRecord.Registered;
import dev.paxoskv.paxos.protocol.DurableRecord.SnapshotMark;
import dev.paxoskv.paxos.protocol.DurableRecord.Voted;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.paxos.protocol.Vote;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class PayloadsTest {
  private static final Ballot BALLOT = new Ballot(5, 1, 7);

  static List<DurableRecord> eachKind() {
    return List.of(
        new Promised(1, BALLOT),
        new RangePromised(BALLOT),
        new Voted(2, new Vote(BALLOT, Value.of("value"))),
        new Voted(2, new Vote(BALLOT, Value.of(""))),
        new Decided(3, 4, Optional.of(Value.of("value"))),
        // A value of no bytes is one: not that of the own vote.
        new Decided(3, 4, Optional.of(Value.of(""))),
        new Decided(3, 4, Optional.empty()),
        new DoneMark(2, 6),
        new Floor(7),
        new SnapshotMark(8),
        new Registered(2, "mémber", 9),
        new Faulty(10));
  }

  @ParameterizedTest
  @MethodSource("eachKind")
  void whatIsPutIsGot(DurableRecord record) {
    ByteBuffer bytes = ByteBuffer.allocate(100);
    Payloads.put(record, bytes);
    assertThat(bytes.position()).isEqualTo(Payloads.size(record));
    assertThat(Payloads.get(Payloads.type(record), bytes.flip())).isEqualTo(record);
  }

  /** The record behind a lost one repeats its key: that is all that is left of it. */
  @ParameterizedTest
  @MethodSource("eachKind")
  void aRecordThatIsReadHasTheKeyItWasWrittenWith(DurableRecord record) {
    ByteBuffer bytes = ByteBuffer.allocate(200).position(Frame.HEADER_BYTES);
    Payloads.put(record, bytes);
    bytes.position(Frame.bytes(Payloads.size(record)));
    Frame.seal(bytes, 0, Payloads.type(record), new Frame.Stamp(1, 0, 3), Frame.Link.NONE);
    Frame frame = Frame.read(bytes.flip(), 0, 3).orElseThrow();
    assertThat(frame.link().key()).isEqualTo(Payloads.key(record));
  }

  /** Else the loss of a higher promise would pass for that of a copy of the one before. */
  @Test
  void promisesForAllInstancesAreToldApartByTheirKeys() {
    assertThat(List.of(
                new Ballot(1, 1, 1),
                new Ballot(2, 1, 1),
                new Ballot(1, 2, 1),
                new Ballot(1, 1, 2),
                new Ballot(1, 0, 2),
                new Ballot(1, 2, 0),
                new Ballot(2, 0, 1))
            .stream()
            .map(ballot -> Payloads.key(new RangePromised(ballot))))
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @EnumSource(
      value = Frame.Type.class,
      names = {"SEGMENT_HEAD", "SYNCED", "OLDEST_SEGMENT"})
  void theLogsOwnRecordsAreNoneOfTheProtocols(Frame.Type type) {
    assertThatThrownBy(() -> Payloads.get(type, ByteBuffer.allocate(100)))
        .hasMessage(type + " is the log's own");
  }
}
