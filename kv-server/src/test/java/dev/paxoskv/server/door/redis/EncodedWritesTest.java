package dev.paxoskv.server.door.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.paxoskv.proto.kv.Command;
import dev.paxoskv.proto.kv.Put;
import dev.paxoskv.server.machine.SessionId;
import dev.paxoskv.server.machine.command.CommandReader;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the door encodes by itself is what protobuf reads, and what is read where it stands. */
class EncodedWritesTest {

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "1, 0, 2", "0, 0, 127", "127, 128, 128", "300, 20000, 16384"})
  void aPutUnderASessionAndNumber(int keyBytes, int valueBytes, int count)
      throws InvalidProtocolBufferException {
    byte[] key = "k".repeat(keyBytes).getBytes(UTF_8);
    byte[] value = "v".repeat(valueBytes).getBytes(UTF_8);
    DoorSession.Open session = new DoorSession.Open(new SessionId(-1, 7));
    for (int i = 1; i < count; i++) {
      session.over(session.number());
    }

    byte[] encoded = session.command(session.number(), StringCommands.put(key, value));

    Command put = Command.newBuilder()
        .setSessionHigh(-1)
        .setSessionLow(7)
        .setNumber(count)
        .setAcknowledged(count - 1)
        .setPut(
            Put.newBuilder().setKey(ByteString.copyFrom(key)).setValue(ByteString.copyFrom(value)))
        .build();
    assertThat(Command.parseFrom(encoded)).isEqualTo(put);
    CommandReader reader = new CommandReader();
    assertThat(reader.opensOne(encoded, 0, encoded.length)).isTrue();
    assertThat(reader.asked().isOnOneKey()).isTrue();
    assertThat(reader.number()).isEqualTo(count);
    assertThat(reader.acknowledged()).isEqualTo(count - 1);
    assertThat(reader.asked().value()).isEqualTo(value);
  }
}
