package dev.paxoskv.server.machine.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.paxoskv.proto.kv.Batch;
import dev.paxoskv.proto.kv.Command;
import dev.paxoskv.proto.kv.SetIf;
import dev.paxoskv.proto.kv.Write;
import dev.paxoskv.server.machine.Commands;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the reader understands, protobuf understands in the same way. */
class CommandReaderTest {
  private static final int CHANGES = 300;

  private final CommandReader reader = new CommandReader();

  static LongStream seeds() {
    return LongStream.range(0, 50);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void readsWhatProtobufWrites(long seed) {
    SplittableRandom dice = new SplittableRandom(seed);
    for (int i = 0; i < CHANGES; i++) {
      Batch batch = batch(dice);
      assertThat(read(batch.toByteArray()))
          .as("seed %d, batch %d", seed, i)
          .contains(texts(batch.getCommandsList()));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void leavesToProtobufWhatItWouldReadOtherwise(long seed) {
    SplittableRandom dice = new SplittableRandom(seed);
    int understood = 0;
    for (int i = 0; i < CHANGES; i++) {
      byte[] bytes = changed(batch(dice).toByteArray(), dice);
      Optional<List<String>> read = read(bytes);
      if (read.isPresent()) {
        understood++;
        assertThat(parsed(bytes)).as("seed %d, batch %d", seed, i).isEqualTo(read);
      }
    }
    assertThat(understood).as("seed %d: changed, but read", seed).isBetween(1, CHANGES - 1);
  }

  @Test
  void leavesToProtobufWhatIsNotInOrder() {
    Command put = Commands.put(1, 2, "k", "v");
    Command delete = Commands.delete(1, 3, "k");
    byte[] twice = put.toByteString().concat(delete.toByteString()).toByteArray();
    ByteString unknown = ByteString.copyFrom(new byte[] {0x78, 1});

    assertThat(read(framed(put.toByteArray()))).isPresent();
    assertThat(read(framed(twice))).isEmpty();
    assertThat(read(framed(put.toByteString().concat(unknown).toByteArray()))).isEmpty();
    assertThat(read(framed(new byte[0]))).isEmpty();
    assertThat(read(framed(put.toBuilder().clearPut().build().toByteArray()))).isEmpty();
    assertThat(read(framed(Commands.get(1, 3, "k").toByteArray())))
        .as("not a write")
        .isEmpty();
    assertThat(read(new byte[] {0x0a, (byte) 0xff})).isEmpty();
    assertThat(read(new byte[0])).contains(List.of());
  }

  @Test
  void showsWhatProtobufHasRead() {
    Command append = Commands.append(1, 2, "k", "v");
    reader.show(append);
    assertThat(shown()).isEqualTo(text(append));
    reader.show(Command.newBuilder().setNumber(7).build());
    assertThat(shown()).isEqualTo(text(Command.newBuilder().setNumber(7).build()));
  }

  private static byte[] framed(byte[] command) {
    return ByteString.copyFrom(new byte[] {0x0a, (byte) command.length})
        .concat(ByteString.copyFrom(command))
        .toByteArray();
  }

  private static Batch batch(SplittableRandom dice) {
    Batch.Builder batch = Batch.newBuilder();
    for (int i = dice.nextInt(1, 5); i > 0; i--) {
      Command.Builder command = Command.newBuilder()
          .setSessionHigh(sometimes(dice))
          .setSessionLow(sometimes(dice))
          .setNumber(sometimes(dice))
          .setAcknowledged(sometimes(dice));
      ask(command, dice);
      batch.addCommands(command);
    }
    return batch.build();
  }

  private static void ask(Command.Builder command, SplittableRandom dice) {
    ByteString key = bytes(dice);
    switch (dice.nextInt(6)) {
      case 0 -> command.getPutBuilder().setKey(key).setValue(bytes(dice));
      case 1 ->
        command
            .getAppendBuilder()
            .setKey(key)
            .setValue(bytes(dice))
            .setTellSize(dice.nextBoolean());
      case 2 -> command.getDeleteBuilder().setKey(key);
      case 3 -> command.getAddBuilder().setKey(key).setMore(dice.nextLong() >> dice.nextInt(64));
      case 4 ->
        command
            .getSetIfBuilder()
            .setKey(key)
            .setValue(bytes(dice))
            .setConditionValue(dice.nextInt(6))
            .setExpected(bytes(dice))
            .setTellOld(dice.nextBoolean());
      default -> {
        for (int i = dice.nextInt(3); i >= 0; i--) {
          Write.Builder write = command.getWriteAllBuilder().addWritesBuilder().setKey(bytes(dice));
          if (dice.nextBoolean()) {
            write.setValue(bytes(dice));
          }
        }
      }
    }
  }

  private static long sometimes(SplittableRandom dice) {
    return dice.nextInt(4) == 0 ? 0 : dice.nextLong() >>> dice.nextInt(64);
  }

  private static ByteString bytes(SplittableRandom dice) {
    byte[] bytes = new byte[dice.nextInt(10) == 0 ? 200 : dice.nextInt(4)];
    dice.nextBytes(bytes);
    return ByteString.copyFrom(bytes);
  }

  /** One byte is another, is gone, or stands twice. */
  private static byte[] changed(byte[] bytes, SplittableRandom dice) {
    int at = dice.nextInt(bytes.length);
    int kind = dice.nextInt(4);
    if (kind == 0) {
      return Arrays.copyOf(bytes, at);
    } else if (kind == 1) {
      byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
      System.arraycopy(bytes, at, longer, at + 1, bytes.length - at);
      return longer;
    }
    byte[] other = bytes.clone();
    other[at] ^= (byte) (1 << dice.nextInt(8));
    return other;
  }

  private Optional<List<String>> read(byte[] bytes) {
    if (!reader.opens(bytes)) {
      return Optional.empty();
    }
    List<String> found = new ArrayList<>();
    while (reader.next()) {
      found.add(shown());
    }
    return Optional.of(found);
  }

  private String shown() {
    OperationReader asked = reader.asked();
    byte[] key = Arrays.copyOfRange(asked.bytes(), asked.keyFrom(), asked.keyTo());
    return reader.sessionHigh() + " " + reader.sessionLow() + " " + reader.number() + " "
        + reader.acknowledged() + " " + asked.operation() + " " + Arrays.toString(key)
        + " " + Arrays.toString(asked.value()) + " " + asked.condition() + " "
        + Arrays.toString(asked.expected()) + " " + asked.tells() + " " + asked.more() + " "
        + asked.writes();
  }

  private static Optional<List<String>> parsed(byte[] bytes) {
    try {
      return Optional.of(texts(Batch.parseFrom(bytes).getCommandsList()));
    } catch (InvalidProtocolBufferException e) {
      return Optional.empty();
    }
  }

  private static List<String> texts(List<Command> commands) {
    return commands.stream().map(CommandReaderTest::text).toList();
  }

  private static String text(Command command) {
    SetIf setIf = command.getSetIf();
    String asked = switch (command.getOperationCase()) {
      case PUT -> text(command.getPut().getKey(), command.getPut().getValue());
      case APPEND -> text(command.getAppend().getKey(), command.getAppend().getValue());
      case DELETE -> text(command.getDelete().getKey(), ByteString.EMPTY);
      case SET_IF -> text(setIf.getKey(), setIf.getValue());
      case ADD -> text(command.getAdd().getKey(), ByteString.EMPTY);
      default -> text(ByteString.EMPTY, ByteString.EMPTY);
    };
    return command.getSessionHigh() + " " + command.getSessionLow() + " " + command.getNumber()
        + " " + command.getAcknowledged() + " " + command.getOperationCase() + " " + asked + " "
        + setIf.getCondition() + " " + Arrays.toString(setIf.getExpected().toByteArray()) + " "
        + (command.getAppend().getTellSize() || setIf.getTellOld()) + " "
        + command.getAdd().getMore() + " " + command.getWriteAll().getWritesList();
  }

  private static String text(ByteString key, ByteString value) {
    return Arrays.toString(key.toByteArray()) + " " + Arrays.toString(value.toByteArray());
  }
}
