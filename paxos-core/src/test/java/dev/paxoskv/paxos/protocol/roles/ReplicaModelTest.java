package dev.paxoskv.paxos.protocol.roles;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.Message.Decided;
import dev.paxoskv.paxos.protocol.Message.Done;
import dev.paxoskv.paxos.protocol.Message.Forgotten;
import dev.paxoskv.paxos.protocol.Status;
import dev.paxoskv.paxos.protocol.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Start, Status, Done, Min and Max of one peer do what a naive model does that never throws
 * anything away, whatever is asked and heard in whatever order.
 */
class ReplicaModelTest {
  private static final int STEPS = 300;
  private static final Effect.Connection CONNECTION = new Effect.Connection() {};

  /** Remembers everything, and works out each answer from all of it. */
  private static final class Model {
    final long[] marks;
    final TreeMap<Long, Value> decided = new TreeMap<>();
    final TreeSet<Long> started = new TreeSet<>();
    long max = -1;

    Model(int peers) {
      marks = new long[peers];
      Arrays.fill(marks, -1);
    }

    void raise(int peer, long mark) {
      marks[peer] = Math.max(marks[peer], mark);
    }

    long min() {
      return 1 + Arrays.stream(marks).min().orElseThrow();
    }

    void start(long seq) {
      if (seq >= min()) {
        started.add(seq);
        max = Math.max(max, seq);
      }
    }

    void learn(long seq, Value value) {
      if (seq >= min()) {
        decided.put(seq, value);
        max = Math.max(max, seq);
      }
    }

    Status status(long seq) {
      if (seq < min()) {
        return Status.FORGOTTEN;
      }
      return decided.containsKey(seq) ? Status.decided(decided.get(seq)) : Status.PENDING;
    }

    long retainedBytes() {
      return decided.tailMap(min()).values().stream().mapToLong(Value::size).sum();
    }

    long driving() {
      return started.tailSet(min()).stream()
          .filter(seq -> !decided.containsKey(seq))
          .count();
    }

    long firstMissing() {
      return LongStream.iterate(min(), seq -> seq + 1)
          .filter(seq -> !decided.containsKey(seq))
          .findFirst()
          .orElseThrow();
    }
  }

  static LongStream seeds() {
    return LongStream.range(0, 200);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void agreesWithTheModel(long seed) {
    SplittableRandom dice = new SplittableRandom(seed);
    int peers = 2 + dice.nextInt(6);
    int me = dice.nextInt(peers);
    Replica replica = new Replica(new ReplicaConfig(me, peers, 1, 0), dice.split());
    Model model = new Model(peers);
    for (int i = 0; i < STEPS; i++) {
      // Instances and marks move on together, so that all three fates are met all along.
      long seq = dice.nextLong(1 + i / 4L, 6 + i / 3L) - 1;
      int other = (me + 1 + dice.nextInt(peers - 1)) % peers;
      step(dice, replica, model, other, seq);

      assertThat(replica.min()).as("seed %d, step %d: min", seed, i).isEqualTo(model.min());
      assertThat(replica.max()).as("seed %d, step %d: max", seed, i).isEqualTo(model.max);
      assertThat(replica.retainedBytes()).isEqualTo(model.retainedBytes());
      assertThat(replica.driving()).isEqualTo(model.driving());
      assertThat(replica.firstMissing()).isEqualTo(model.firstMissing());
      for (long asked = 0; asked < 6 + i / 3L; asked++) {
        assertThat(replica.status(asked))
            .as("seed %d, step %d: status of %d", seed, i, asked)
            .isEqualTo(model.status(asked));
      }
    }
    assertThat(model.min()).as("seed %d forgets something", seed).isPositive();
  }

  private static void step(
      SplittableRandom dice, Replica replica, Model model, int other, long seq) {
    int me = replica.me();
    long mark = dice.nextBoolean() ? -1 : dice.nextLong(seq + 1);
    switch (dice.nextInt(6)) {
      case 0 -> {
        replica.start(seq, Value.of("own " + seq));
        model.start(seq);
      }
      case 1 -> {
        replica.done(seq);
        model.raise(me, seq);
      }
      case 2 -> {
        replica.request(other, CONNECTION, mark, new Done());
        model.raise(other, mark);
      }
      case 3 -> {
        List<Long> marks = new ArrayList<>();
        for (int peer = 0; peer < model.marks.length; peer++) {
          marks.add(dice.nextLong(-1, seq + 1));
        }
        replica.answer(other, mark, new Forgotten(seq, marks));
        model.raise(other, mark);
        for (int peer = 0; peer < model.marks.length; peer++) {
          // What others say of our own mark is not heeded: it is ours to raise.
          model.raise(peer, peer == me ? -1 : marks.get(peer));
        }
      }
      default -> {
        Value value = Value.of("decided " + seq);
        replica.request(other, CONNECTION, mark, new Decided(seq, Ballot.ZERO, Optional.of(value)));
        model.raise(other, mark);
        model.learn(seq, value);
      }
    }
  }
}
