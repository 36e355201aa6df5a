package dev.paxoskv.server.machine;

import static dev.paxoskv.proto.kv.SetIf.Condition.ABSENT;
import static dev.paxoskv.proto.kv.SetIf.Condition.ALWAYS;
import static dev.paxoskv.proto.kv.SetIf.Condition.EQUAL;
import static dev.paxoskv.proto.kv.SetIf.Condition.PRESENT;
import static dev.paxoskv.server.machine.Commands.add;
import static dev.paxoskv.server.machine.Commands.append;
import static dev.paxoskv.server.machine.Commands.cas;
import static dev.paxoskv.server.machine.Commands.delete;
import static dev.paxoskv.server.machine.Commands.put;
import static dev.paxoskv.server.machine.Commands.writeAll;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.proto.kv.Command;
import dev.paxoskv.proto.kv.Limit;
import dev.paxoskv.proto.kv.SetIf;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each write by what it answers and leaves, and that nothing that stands in the log does harm. */
class ChangesTest {
  private final List<String> results = new ArrayList<>();
  private final KvStateMachine machine = machine(results);
  private long next;
  private int number;

  private static KvStateMachine machine(List<String> results) {
    return new KvStateMachine((session, number, result) -> results.add(Texts.of(result)));
  }

  @Test
  void deleteTakesAValueAwayOnce() {
    apply(put(1, 1, "k", "v"), delete(1, 2, "k"), delete(1, 3, "k"), delete(1, 2, "k"));

    assertThat(results).containsExactly("applied", "applied", "unmet", "applied");
    assertThat(found("k")).isEqualTo("nothing");
    apply(append(1, 4, "k", "anew"));
    assertThat(found("k")).isEqualTo("anew");
  }

  @Test
  void compareAndSetComparesWhenItIsApplied() {
    apply(put(1, 1, "k", "a"), cas(2, 1, "k", "a", "b"), cas(3, 1, "k", "a", "c"));
    assertThat(results).containsExactly("applied", "applied", "unmet");
    assertThat(found("k")).isEqualTo("b");

    apply(cas(3, 2, "missing", "", "x"), cas(2, 1, "k", "a", "b"), cas(3, 1, "k", "a", "c"));
    assertThat(results.subList(3, 6))
        .as("a missing value is not an empty one; repeated ones are answered as before")
        .containsExactly("unmet", "applied", "unmet");

    apply(put(1, 2, "k", "a"), cas(3, 1, "k", "a", "c"));
    assertThat(results).last().as("its client was told so").isEqualTo("unmet");
    assertThat(found("k")).isEqualTo("a");
  }

  @Test
  void conditionsAndWhatWasThere() {
    assertThat(swap("k", "a", PRESENT)).isEqualTo("unmet, was nothing");
    assertThat(swap("k", "a", ABSENT)).isEqualTo("set, was nothing");
    assertThat(swap("k", "b", ABSENT)).isEqualTo("unmet, was a");
    assertThat(swap("k", "c", PRESENT)).isEqualTo("set, was a");
    assertThat(swap("k", "d", ALWAYS)).isEqualTo("set, was c");
    assertThat(swap("k", "e", EQUAL)).as("to an empty value").isEqualTo("unmet, was d");
    assertThat(found("k")).isEqualTo("d");
  }

  private String swap(String key, String value, SetIf.Condition condition) {
    apply(Commands.swap(Commands.of(1, ++number).build(), key, value, condition));
    return results.get(results.size() - 1);
  }

  @Test
  void aLongOldValueIsToldOnce() {
    String most = "x".repeat(Limit.KEPT_BYTES_MAX_VALUE);
    Command first = Commands.swap(Commands.of(2, 1).build(), "k", most + "y", ALWAYS);
    Command second = Commands.swap(Commands.of(2, 2).build(), "k", "z", ALWAYS);
    apply(put(1, 1, "k", most), first, second);
    apply(first, second);

    assertThat(results)
        .containsExactly(
            "applied",
            "set, was " + most,
            "set, was " + most + "y",
            "set, was " + most,
            "set, was forgotten");
  }

  @Test
  void addsToNumbersOnly() {
    apply(add(1, 1, "n", 5), add(1, 2, "n", -7), add(1, 1, "n", 5));
    assertThat(results).containsExactly("counted 5", "counted -2", "counted 5");
    assertThat(found("n")).isEqualTo("-2");

    String max = Long.toString(Long.MAX_VALUE);
    String min = Long.toString(Long.MIN_VALUE);
    apply(put(1, 3, "n", max), add(1, 4, "n", 1), add(1, 5, "n", 0), add(1, 6, "n", -1));
    apply(put(1, 7, "n", min), add(1, 8, "n", -1), add(1, 9, "n", Long.MAX_VALUE));
    assertThat(results.subList(4, 7))
        .containsExactly(
            "refused: increment or decrement would overflow",
            "counted " + max,
            "counted " + (Long.MAX_VALUE - 1));
    assertThat(results.subList(8, 10))
        .containsExactly("refused: increment or decrement would overflow", "counted -1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "+1", "01", "-0", " 1", "1 ", "1.0", "x", "9223372036854775808", "\u0661"})
  void isNoNumber(String text) {
    apply(put(1, 1, "n", text), add(1, 2, "n", 1));
    assertThat(results).last().isEqualTo("refused: value is not an integer or out of range");
    assertThat(found("n")).isEqualTo(text);
  }

  @Test
  void writesSeveralAtOnceInTheirOrder() {
    apply(put(1, 1, "a", "1"), writeAll(1, 2, "a", "b=2", "c=3", "b=4", "missing", "c"));
    assertThat(results).last().as("a, then b and c anew").isEqualTo("counted 3");
    assertThat(Texts.of(machine.scan(ByteString.EMPTY, ByteString.EMPTY, 9))).isEqualTo("b=4");
  }

  @Test
  void tellsTheSizeIfAsked() {
    Command.Builder telling = append(1, 2, "k", "bc").toBuilder();
    telling.getAppendBuilder().setTellSize(true);
    apply(append(1, 1, "k", "a"), telling.build());
    assertThat(results).containsExactly("applied", "counted 3");
  }

  /** The doors let none of these pass; what is in the log may have come otherwise. */
  @Test
  void whatNoDoorWouldLetPassIsRefusedAndRemembered() {
    String long4097 = "k".repeat(Limit.KEY_BYTES_MAX_VALUE + 1);
    Command.Builder strange =
        Commands.swap(Commands.of(1, 9).build(), "k", "v", ALWAYS).toBuilder();
    strange.getSetIfBuilder().setConditionValue(77);
    Command[] poison = {
      put(1, 1, "", "v"),
      put(1, 2, long4097, "v"),
      put(1, 3, "k", "x".repeat(Limit.VALUE_BYTES_MAX_VALUE + 1)),
      append(1, 4, "", "v"),
      delete(1, 5, ""),
      add(1, 6, long4097, 1),
      writeAll(1, 7),
      writeAll(1, 8, "ok=1", "=no key"),
      strange.build(),
      Commands.get(1, 10, "k"),
      Commands.of(1, 11).build(),
    };
    apply(poison);
    apply(poison);

    assertThat(results).hasSize(22).allMatch(result -> result.startsWith("refused: "));
    assertThat(results.subList(0, 11)).isEqualTo(results.subList(11, 22));
    assertThat(machine.keys()).as("nothing of a refused write is there").isZero();
    apply(put(2, 1, "k", "alive"));
    assertThat(found("k")).isEqualTo("alive");
  }

  /** Whatever bytes are decided, nobody stops, and all come to the same. */
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void anyBytesAreAppliedInTheSameWayEverywhere(long seed) {
    SplittableRandom dice = new SplittableRandom(seed);
    List<String> others = new ArrayList<>();
    KvStateMachine other = machine(others);
    for (int i = 0; i < 2000; i++) {
      byte[] bytes = batch(dice).bytes().clone();
      for (int flips = dice.nextInt(4); flips > 0; flips--) {
        bytes[dice.nextInt(bytes.length)] ^= (byte) (1 << dice.nextInt(8));
      }
      machine.apply(i, Value.of(bytes));
      other.apply(i, Value.of(bytes.clone()));
    }
    assertThat(machine.hash()).as("seed %d", seed).isEqualTo(other.hash());
    assertThat(results).isEqualTo(others).contains("applied", "unmet");
    String all = Texts.of(machine.scan(ByteString.EMPTY, ByteString.EMPTY, 1000));
    assertThat(all).isEqualTo(Texts.of(other.scan(ByteString.EMPTY, ByteString.EMPTY, 1000)));
  }

  private Value batch(SplittableRandom dice) {
    int session = dice.nextInt(3);
    String key = "k" + dice.nextInt(3);
    Command command = switch (dice.nextInt(7)) {
      case 0 -> put(session, ++number, key, "7");
      case 1 -> append(session, ++number, key, "1");
      case 2 -> delete(session, ++number, key);
      case 3 -> add(session, ++number, key, dice.nextLong());
      case 4 -> cas(session, ++number, key, "7", "8");
      case 5 -> Commands.swap(Commands.of(session, ++number).build(), key, "9", ABSENT);
      default -> writeAll(session, ++number, key, "k4=" + number);
    };
    return Commands.batch(command, put(3, ++number, "beside", "it"));
  }

  private String found(String key) {
    return Texts.of(machine.get(ByteString.copyFromUtf8(key)));
  }

  private void apply(Command... commands) {
    machine.apply(next++, Commands.batch(commands));
  }
}
