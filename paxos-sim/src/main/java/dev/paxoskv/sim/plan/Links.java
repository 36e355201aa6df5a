package dev.paxoskv.sim.plan;

import java.util.ArrayList;
import java.util.List;

/**
 * A set of one-way wires, at most between eight peers: any shape of partition.
 *
 * @param bits one for each wire
 */
record Links(long bits) {
  private static final int STRIDE = 8;
  static final Links NONE = new Links(0);

  /** What to do with one wire. */
  interface Action {
    void on(int from, int to);
  }

  Links with(int from, int to) {
    return from == to ? this : new Links(bits | (1L << (from * STRIDE + to)));
  }

  boolean has(int from, int to) {
    return (bits & (1L << (from * STRIDE + to))) != 0;
  }

  void forEach(Action action) {
    for (int from = 0; from < STRIDE; from++) {
      for (int to = 0; to < STRIDE; to++) {
        if (has(from, to)) {
          action.on(from, to);
        }
      }
    }
  }

  /** Without the wires of the peers from {@code peers} on. */
  Links among(int peers) {
    Links[] kept = {NONE};
    forEach((from, to) -> {
      if (from < peers && to < peers) {
        kept[0] = kept[0].with(from, to);
      }
    });
    return kept[0];
  }

  /** For example {@code 0>1 1>0}. */
  List<String> words() {
    List<String> words = new ArrayList<>();
    forEach((from, to) -> words.add(from + ">" + to));
    return words;
  }

  /** Reads one word of {@link #words} and adds it. */
  Links with(String word) {
    int arrow = word.indexOf('>');
    int from = Integer.parseInt(word.substring(0, arrow));
    int to = Integer.parseInt(word.substring(arrow + 1));
    if (from < 0 || from >= STRIDE || to < 0 || to >= STRIDE || from == to) {
      throw new IllegalArgumentException("no wire: " + word);
    }
    return with(from, to);
  }
}
