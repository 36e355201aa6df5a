package dev.paxoskv.server.door;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.paxoskv.proto.kv.Add;
import dev.paxoskv.proto.kv.Append;
import dev.paxoskv.proto.kv.Command;
import dev.paxoskv.proto.kv.Delete;
import dev.paxoskv.proto.kv.Get;
import dev.paxoskv.proto.kv.Put;
import dev.paxoskv.proto.kv.Scan;
import dev.paxoskv.proto.kv.SetIf;
import dev.paxoskv.proto.kv.WriteAll;
import dev.paxoskv.server.machine.command.CommandReader;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PlainWriteTest {
  private final PlainWrite plain = new PlainWrite();
  private final SplittableRandom dice = new SplittableRandom(17);

  private ByteString bytes(int most) {
    byte[] bytes = new byte[dice.nextInt(most + 1)];
    dice.nextBytes(bytes);
    return ByteString.copyFrom(bytes);
  }

  private Command.Builder command() {
    return Command.newBuilder()
        .setSessionHigh(dice.nextLong())
        .setSessionLow(dice.nextLong())
        .setNumber(dice.nextLong())
        .setAcknowledged(dice.nextInt(3) * dice.nextLong());
  }

  /** As it lies in a frame: somewhere in an array. */
  private ByteString inFrame(Command command) {
    ByteString bytes = command.toByteString();
    ByteString before = bytes(20);
    return ByteString.copyFrom(before.concat(bytes).concat(bytes(20)).toByteArray())
        .substring(before.size(), before.size() + bytes.size());
  }

  @Test
  void showsWhatProtobufShows() {
    for (int i = 0; i < 2000; i++) {
      ByteString key = bytes(40);
      ByteString value = bytes(300);
      Command command = switch (dice.nextInt(4)) {
        case 0 -> command().setPut(Put.newBuilder().setKey(key).setValue(value)).build();
        case 1 ->
          command().setAppend(Append.newBuilder().setKey(key).setValue(value)).build();
        case 2 -> command().setDelete(Delete.newBuilder().setKey(key)).build();
        default ->
          command()
              .setAdd(Add.newBuilder().setKey(key).setMore(dice.nextLong()))
              .build();
      };
      assertThat(plain.opens(inFrame(command))).isTrue();
      CommandReader shown = plain.reader();
      assertThat(shown.sessionHigh()).isEqualTo(command.getSessionHigh());
      assertThat(shown.sessionLow()).isEqualTo(command.getSessionLow());
      assertThat(shown.number()).isEqualTo(command.getNumber());
      assertThat(shown.acknowledged()).isEqualTo(command.getAcknowledged());
      assertThat(shown.asked().operation()).isEqualTo(command.getOperationCase());
      assertThat(shown.asked().keyTo() - shown.asked().keyFrom()).isEqualTo(key.size());
      assertThat(shown.asked().valueBytes())
          .isEqualTo(command.hasPut() || command.hasAppend() ? value.size() : 0);
    }
  }

  @Test
  void leavesOtherThingsToProtobuf() {
    List<Command> others = List.of(
        command().setGet(Get.newBuilder().setKey(bytes(9))).build(),
        command().setScan(Scan.newBuilder().setLimit(1)).build(),
        command().setSetIf(SetIf.newBuilder().setKey(bytes(9))).build(),
        command().setWriteAll(WriteAll.getDefaultInstance()).build(),
        command().build());
    assertThat(others)
        .allSatisfy(other -> assertThat(plain.opens(inFrame(other))).isFalse());
  }

  @Test
  void whatIsCutShortOrGoesOnIsNotPlain() {
    Put put = Put.newBuilder().setKey(ByteString.copyFromUtf8("key")).build();
    ByteString whole = command().setPut(put).build().toByteString();
    for (int end = 0; end < whole.size(); end++) {
      assertThat(plain.opens(whole.substring(0, end))).as("of %d bytes", end).isFalse();
    }
    assertThat(plain.opens(whole.concat(ByteString.copyFrom(new byte[1])))).isFalse();
    assertThat(plain.opens(whole)).isTrue();
  }
}
