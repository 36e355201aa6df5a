package dev.paxoskv.paxos.protocol.roles;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * The highest instance that each peer's application is done with, as far as this peer has heard.
 * Marks only rise: arguments may come in any order, and a lower one after a higher one changes
 * nothing.
 */
final class DoneMarks {
  private final int me;
  private final long[] marks;
  private final long[] told;
  private long min;

  DoneMarks(int me, int peers) {
    this.me = me;
    this.marks = new long[peers];
    this.told = new long[peers];
    Arrays.fill(marks, -1);
    Arrays.fill(told, -1);
  }

  /** Returns whether the mark of {@code peer} was raised. */
  boolean raise(int peer, long seq) {
    if (seq <= marks[peer]) {
      return false;
    }
    marks[peer] = seq;
    min = 1 + Arrays.stream(marks).min().orElse(-1);
    return true;
  }

  /** The seed's Min: one more than the least mark. Everything below is forgotten. */
  long min() {
    return min;
  }

  long own() {
    return marks[me];
  }

  List<Long> all() {
    return LongStream.of(marks).boxed().collect(Collectors.toUnmodifiableList());
  }

  /** Our mark is about to leave for {@code peer}, on whatever message. */
  void told(int peer) {
    told[peer] = own();
  }

  boolean owes(int peer) {
    return peer != me && told[peer] < own();
  }
}
