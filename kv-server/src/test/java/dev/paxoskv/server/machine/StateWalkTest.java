package dev.paxoskv.server.machine;

import static dev.paxoskv.server.machine.Commands.acknowledging;
import static dev.paxoskv.server.machine.Commands.append;
import static dev.paxoskv.server.machine.Commands.batchAt;
import static dev.paxoskv.server.machine.Commands.open;
import static dev.paxoskv.server.machine.Commands.put;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.proto.kv.Command;
import dev.paxoskv.proto.snapshot.SnapshotPart;
import dev.paxoskv.server.compare.StateComparison;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A machine made from what a walk showed is the one that the walk began at, whatever happened while
 * it went on: it goes on as that one did, in state and in answers, and is walked alike.
 */
class StateWalkTest {
  static LongStream seeds() {
    return LongStream.range(0, 100);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aMachineFromAWalkGoesOnAsTheOneItBeganAt(long seed) {
    SplittableRandom dice = new SplittableRandom(seed);
    List<String> answers = new ArrayList<>();
    KvStateMachine machine = machine(answers);
    List<Value> log = new ArrayList<>();
    int sessions = 1 + dice.nextInt(30);
    int keys = 1 + dice.nextInt(60);
    long[] numbers = new long[sessions];
    grow(dice, log, numbers, keys, 50);
    applyFrom(machine, log, 0);

    int cut = log.size();
    long hash = machine.hash();
    StateWalk walk = machine.walk(1 + dice.nextInt(400));
    List<SnapshotPart> parts = new ArrayList<>();
    answers.clear();
    while (!walk.isOver()) {
      parts.add(walk.next().toPart());
      grow(dice, log, numbers, keys, dice.nextInt(3));
      applyFrom(machine, log, (int) machine.applied() + 1);
    }
    grow(dice, log, numbers, keys, 50);
    applyFrom(machine, log, (int) machine.applied() + 1);

    List<String> again = new ArrayList<>();
    KvStateMachine restored = machine(again);
    parts.forEach(restored::restore);
    assertThat(restored.restored(walk.head())).as("seed %d", seed).isTrue();
    assertThat(restored.applied()).isEqualTo(cut - 1);
    assertThat(restored.hash()).as("seed %d", seed).isEqualTo(hash);
    applyFrom(restored, log, cut);
    assertThat(again).as("seed %d", seed).isEqualTo(answers);
    assertThat(restored.hash()).as("seed %d", seed).isEqualTo(machine.hash());
    assertThat(everything(restored)).as("seed %d", seed).isEqualTo(everything(machine));
  }

  private static KvStateMachine machine(List<String> answers) {
    return new KvStateMachine(
        (session, number, result) -> answers.add(session + " " + number + " " + result),
        new KvStateMachine.SessionLimits(12, 1500),
        StateComparison.alone());
  }

  /** Batches of new and of repeated writes, some of which acknowledge earlier ones. */
  private static void grow(
      SplittableRandom dice, List<Value> log, long[] numbers, int keys, int count) {
    for (int i = 0; i < count; i++) {
      Command[] commands = new Command[dice.nextInt(4)];
      for (int c = 0; c < commands.length; c++) {
        int session = dice.nextInt(numbers.length);
        long number = dice.nextInt(4) > 0 ? ++numbers[session] : 1 + numbers[session] / 2;
        String key = "k" + dice.nextInt(keys);
        Command command = dice.nextBoolean()
            ? put(session, number, key, "p" + dice.nextInt())
            : append(session, number, key, "a" + dice.nextInt());
        commands[c] = dice.nextInt(3) == 0
            ? acknowledging(command, Math.max(0, number - 1 - dice.nextInt(5)))
            : command;
      }
      boolean isOpening = commands.length > 0 && dice.nextInt(4) == 0;
      if (isOpening) {
        commands[0] = open(i);
      }
      // Without a time a session begins with its first command, with one it may have ended.
      log.add(batchAt(dice.nextInt(3) == 0 ? 0 : 40L * log.size(), commands));
    }
  }

  private static void applyFrom(KvStateMachine machine, List<Value> log, int first) {
    for (int seq = first; seq < log.size(); seq++) {
      machine.apply(seq, log.get(seq));
    }
  }

  /** All that a walk shows: entries in the order of keys, sessions in that of their last use. */
  private static List<Object> everything(KvStateMachine machine) {
    StateWalk walk = machine.walk(1000);
    List<Object> all = new ArrayList<>();
    while (!walk.isOver()) {
      SnapshotPart part = walk.next().toPart();
      all.addAll(part.getValuesList());
      part.getSessionsList().forEach(s -> all.add(s.toBuilder().clearUsed().build()));
    }
    return all;
  }
}
