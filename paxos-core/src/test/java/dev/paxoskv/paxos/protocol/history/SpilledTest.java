package dev.paxoskv.paxos.protocol.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.NavigableSet;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The set kept as ranges is the same as one kept one by one, whatever is done to both. */
class SpilledTest {
  private static final int SEQS = 24;

  static LongStream seeds() {
    return LongStream.range(0, 50);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void isASetOfInstances(long seed) {
    SplittableRandom dice = new SplittableRandom(seed);
    Spilled spilled = new Spilled();
    TreeSet<Long> plain = new TreeSet<>();
    for (int step = 0; step < 200; step++) {
      long seq = dice.nextInt(SEQS);
      switch (dice.nextInt(6)) {
        case 0 -> {
          spilled.remove(seq);
          plain.remove(seq);
        }
        case 1 -> {
          // Rarely all of it.
          long floor = seq / (1 + dice.nextInt(8));
          spilled.forgetBelow(floor);
          plain.headSet(floor).clear();
        }
        default -> {
          spilled.add(seq);
          plain.add(seq);
        }
      }
      check(spilled, plain);
      Spilled copy = new Spilled();
      copy.addAll(spilled);
      check(copy, plain);
    }
  }

  private static void check(Spilled spilled, NavigableSet<Long> plain) {
    assertThat(spilled.isEmpty()).isEqualTo(plain.isEmpty());
    assertThat(spilled.count()).isEqualTo(plain.size());
    assertThat(spilled.end()).isEqualTo(plain.isEmpty() ? 0 : plain.last() + 1);
    for (long seq = 0; seq <= SEQS; seq++) {
      assertThat(spilled.has(seq)).isEqualTo(plain.contains(seq));
      Long above = plain.higher(seq);
      assertThat(spilled.above(seq)).isEqualTo(above == null ? Long.MAX_VALUE : above);
      long end = seq;
      while (plain.contains(end)) {
        end++;
      }
      assertThat(spilled.endFrom(seq)).isEqualTo(end);
    }
  }
}
