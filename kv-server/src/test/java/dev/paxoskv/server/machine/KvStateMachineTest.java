package dev.paxoskv.server.machine;

import static dev.paxoskv.server.machine.Commands.acknowledging;
import static dev.paxoskv.server.machine.Commands.append;
import static dev.paxoskv.server.machine.Commands.batch;
import static dev.paxoskv.server.machine.Commands.get;
import static dev.paxoskv.server.machine.Commands.put;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.proto.kv.Command;
import dev.paxoskv.proto.kv.Limit;
import dev.paxoskv.proto.snapshot.SnapshotHead;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KvStateMachineTest {
  private final List<String> results = new ArrayList<>();
  private final KvStateMachine machine = new KvStateMachine((session, number, result) ->
      results.add(session.low() + "." + number + " " + Texts.of(result)));
  private long next;

  @Test
  void putsAppendsAndGets() {
    apply(get(1, 1, "k"), append(1, 2, "k", "a"), append(1, 3, "k", "bc"), get(1, 4, "k"));
    apply(put(1, 5, "k", "x"), get(1, 6, "k"), get(1, 7, "other"));

    assertThat(results)
        .containsExactly(
            "1.1 nothing",
            "1.2 applied",
            "1.3 applied",
            "1.4 abc",
            "1.5 applied",
            "1.6 x",
            "1.7 nothing");
  }

  @Test
  void appliesARepeatedWriteOnceAndAnswersItAgain() {
    apply(append(1, 1, "k", "a"));
    apply(append(1, 1, "k", "a"), append(2, 1, "k", "b"), append(1, 1, "k", "a"));
    apply(get(3, 1, "k"));

    assertThat(results)
        .containsExactly("1.1 applied", "1.1 applied", "2.1 applied", "1.1 applied", "3.1 ab");
  }

  @Test
  void appliesNumbersOfASessionInAnyOrder() {
    apply(append(1, 3, "k", "c"), append(1, 1, "k", "a"), append(1, 2, "k", "b"));
    apply(append(1, 1, "k", "a"), append(1, 3, "k", "c"), get(1, 4, "k"));

    assertThat(results).last().isEqualTo("1.4 cab");
  }

  @Test
  void refusesAWriteThatComesAfterItWasAcknowledged() {
    apply(append(1, 2, "k", "b"), acknowledging(append(1, 3, "k", "c"), 2));
    apply(append(1, 1, "k", "a"), append(1, 2, "k", "b"), get(1, 4, "k"));

    assertThat(results.subList(2, 5))
        .containsExactly(
            "1.1 refused: number 1 was acknowledged before",
            "1.2 refused: number 2 was acknowledged before",
            "1.4 bc");
  }

  @Test
  void refusesANumberBeyondTheWindow() {
    long limit = Limit.SESSION_WINDOW_VALUE;
    apply(put(1, limit, "k", "in"), put(1, limit + 1, "k", "out"), get(1, 1, "k"));
    apply(acknowledging(put(1, limit + 1, "k", "now"), 1), get(2, 1, "k"));

    assertThat(results)
        .containsExactly(
            "1.65536 applied",
            "1.65537 refused: number 65537 is more than 65536 above the acknowledged 0",
            "1.1 in",
            "1.65537 applied",
            "2.1 now");
  }

  @Test
  void aSessionOfManyGetsMayWriteAtLast() {
    long many = 10L * Limit.SESSION_WINDOW_VALUE;
    apply(acknowledging(get(1, many, "k"), many - 1));
    apply(acknowledging(put(1, many + 1, "k", "v"), many));

    assertThat(results).last().isEqualTo("1." + (many + 1) + " applied");
  }

  @Test
  void refusesAnAppendThatWouldPassTheLimitAndChangesNothing() {
    String full = "x".repeat(Limit.VALUE_BYTES_MAX_VALUE - 1);
    apply(put(1, 1, "k", full), append(1, 2, "k", "ab"), append(1, 3, "k", "a"));
    apply(append(1, 4, "k", "a"), append(1, 2, "k", "ab"));

    assertThat(results)
        .containsExactly(
            "1.1 applied",
            "1.2 refused: the value would grow to 1048577 bytes, the limit is 1048576",
            "1.3 applied",
            "1.4 refused: the value would grow to 1048577 bytes, the limit is 1048576",
            "1.2 refused: the value would grow to 1048577 bytes, the limit is 1048576");
  }

  @Test
  void passesOverAnInstanceThatHoldsNoBatch() {
    machine.apply(0, Value.of(new byte[] {(byte) 0xff, 1, 2, 3}));
    next = 1;
    apply(put(1, 1, "k", "v"));

    assertThat(results).containsExactly("1.1 applied");
    assertThat(machine.done()).isEqualTo(1);
  }

  @Test
  void hashTellsWhatWasAppliedAndInWhichOrder() {
    KvStateMachine same = machine();
    KvStateMachine otherOrder = machine();
    KvStateMachine otherPlace = machine();
    apply(put(1, 1, "a", "1"), put(1, 2, "b", "2"));
    same.apply(0, batch(put(1, 1, "a", "1"), put(1, 2, "b", "2")));
    otherOrder.apply(0, batch(put(1, 2, "b", "2"), put(1, 1, "a", "1")));
    otherPlace.apply(0, batch(put(1, 1, "a", "1")));
    otherPlace.apply(1, batch(put(1, 2, "b", "2")));

    assertThat(same.hash()).isEqualTo(machine.hash()).isNotEqualTo(machine().hash());
    assertThat(otherOrder.hash()).isNotEqualTo(machine.hash());
    assertThat(otherPlace.hash()).isNotEqualTo(machine.hash());
  }

  @Test
  void hashTellsResultsApartThatTheSameCommandsCameTo() {
    KvStateMachine first = machine();
    KvStateMachine second = machine();
    String full = "x".repeat(Limit.VALUE_BYTES_MAX_VALUE);
    first.apply(0, batch(put(1, 1, "k", full)));
    second.apply(0, batch(put(1, 1, "k", "x")));
    second.restored(SnapshotHead.newBuilder().setHash(first.hash()).build());
    first.apply(1, batch(append(1, 2, "k", "y")));
    second.apply(1, batch(append(1, 2, "k", "y")));

    assertThat(first.hash()).isNotEqualTo(second.hash());
  }

  @Test
  void keysWithTheSameHashCodeAreTwoKeys() {
    apply(put(1, 1, "Aa", "first"), put(1, 2, "BB", "second"), get(1, 3, "Aa"), get(1, 4, "BB"));
    assertThat(results.subList(2, 4)).containsExactly("1.3 first", "1.4 second");
  }

  @Test
  void whatACommandCameToIsInTheHash() {
    Value write = batch(append(1, 1, "k", "a"));
    machine.apply(0, write);
    long content = machine.walk(1).head().getContent();
    StateHash input = new StateHash();
    input.add(write.bytes());
    input.add(content);
    assertThat(machine.hash()).isNotEqualTo(input.value());
    StateHash result = new StateHash();
    result.add(write.bytes());
    result.add(Result.APPLIED);
    result.add(content);
    assertThat(machine.hash()).isEqualTo(result.value());
  }

  @Test
  void theFirstWriteOfASessionMayAcknowledgeWhatCameBefore() {
    long number = 3L * Limit.SESSION_WINDOW_VALUE;
    apply(acknowledging(put(1, number, "k", "v"), number - 1), put(1, number - 1, "k", "late"));

    assertThat(results)
        .containsExactly(
            "1." + number + " applied",
            "1." + (number - 1) + " refused: number " + (number - 1) + " was acknowledged before");
  }

  private static KvStateMachine machine() {
    return new KvStateMachine((session, number, result) -> {});
  }

  /** Gets are not in the log: each is asked when everything before it is applied. */
  private void apply(Command... commands) {
    List<Command> writes = new ArrayList<>();
    for (Command command : commands) {
      if (command.hasGet()) {
        applyAll(writes);
        String found = Texts.of(machine.get(command.getGet().getKey()));
        results.add(command.getSessionLow() + "." + command.getNumber() + " " + found);
      } else {
        writes.add(command);
      }
    }
    applyAll(writes);
  }

  private void applyAll(List<Command> writes) {
    if (!writes.isEmpty()) {
      machine.apply(next++, batch(writes.toArray(Command[]::new)));
      writes.clear();
    }
  }
}
