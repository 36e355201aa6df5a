package dev.paxoskv.server.sim.history;

import dev.paxoskv.server.sim.history.History.Kind;
import dev.paxoskv.server.sim.history.History.Op;
import dev.paxoskv.server.sim.history.History.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Whether what clients saw of one key can have happened one after the other, each operation at some
 * moment between question and answer. Every write has a token of its own and a value is a chain of
 * tokens, so a get tells what went before it: a write that no get shows need not have happened
 * unless it was acknowledged, and one that is shown has happened, whatever its client was told.
 */
public final class KeyCheck {
  private static final int STEPS_MAX = 2_000_000;

  /** The value before the first write; others are named by the index of the write behind them. */
  private static final int EMPTY = -1;

  /** A value that no get shows any more: each is there only once. */
  private static final int UNSEEN = -2;

  private static final int NONE = -1;

  /** What has happened, from the first operation on that has not. */
  private record Seen(int first, BitSet done) {}

  private final List<Op> ops;

  /** The value that a get or an append needs to find. */
  private final int[] needed;

  private final boolean[] isShown;

  /** How many gets have still to find a value, at its index + 1. */
  private final int[] getsLeft;

  /** The append that has to find a value, at its index + 1. */
  private final int[] nextAppend;

  private final Set<Seen> seen = new HashSet<>();
  private final BitSet done = new BitSet();
  private boolean isTorn;
  private int steps;
  private int furthest;

  /**
   * The judge of {@code ops}, in the order of their beginnings.
   *
   * @param shown the writes that some get shows, with the value that each was added to
   */
  private KeyCheck(List<Op> ops, Map<Op, String> shown) {
    this.ops = ops;
    this.needed = new int[ops.size()];
    this.isShown = new boolean[ops.size()];
    this.getsLeft = new int[ops.size() + 1];
    this.nextAppend = new int[ops.size() + 1];
    Arrays.fill(nextAppend, NONE);
    Map<String, Integer> writers = new HashMap<>();
    for (int i = 0; i < ops.size(); i++) {
      if (ops.get(i).kind != Kind.GET) {
        writers.put(ops.get(i).text, i);
      }
    }
    for (int i = 0; i < ops.size(); i++) {
      Op op = ops.get(i);
      isShown[i] = shown.containsKey(op);
      // No two values that are seen end with the same token.
      String value = op.kind == Kind.GET ? op.text : shown.getOrDefault(op, "");
      needed[i] = value.isEmpty() ? EMPTY : writers.get(value.substring(value.lastIndexOf('(')));
      if (op.kind == Kind.GET) {
        getsLeft[needed[i] + 1]++;
      } else if (op.kind == Kind.APPEND && isShown[i]) {
        // Two would show in no order: the value of the second is of neither.
        isTorn |= nextAppend[needed[i] + 1] != NONE;
        nextAppend[needed[i] + 1] = i;
      }
    }
  }

  /** What is wrong; empty if the operations can have happened. */
  public static Optional<String> faultOf(List<Op> all) {
    Map<String, Op> writers = new TreeMap<>();
    all.stream().filter(op -> op.kind != Kind.GET).forEach(op -> writers.put(op.text, op));
    Map<Op, String> shown = new HashMap<>();
    for (Op get : all) {
      Optional<String> fault = get.kind == Kind.GET && get.outcome == Outcome.DONE
          ? faultOf(get, writers, shown)
          : Optional.empty();
      if (fault.isPresent()) {
        return fault;
      }
    }
    List<Op> ops = all.stream()
        .filter(op -> op.outcome == Outcome.DONE || shown.containsKey(op))
        .sorted(Comparator.comparingLong(op -> op.invokedMicros))
        .toList();
    KeyCheck check = new KeyCheck(ops, shown);
    return !check.isTorn && check.canFinish(EMPTY)
        ? Optional.empty()
        : Optional.of(check.whereItEnds());
  }

  /** Notes for each write that {@code get} shows what it was added to. */
  private static Optional<String> faultOf(Op get, Map<String, Op> writers, Map<Op, String> shown) {
    String before = "";
    for (String token : tokens(get.text)) {
      Op writer = writers.get(token);
      if (writer == null || writer.outcome == Outcome.NOT_APPLIED) {
        return Optional.of(get + " shows " + token + ", which was "
            + (writer == null ? "never written" : "reported as not applied"));
      }
      String other = shown.putIfAbsent(writer, before);
      boolean isTwice = other != null && !other.equals(before);
      if (isTwice || (writer.kind == Kind.PUT && !before.isEmpty())) {
        return Optional.of(get + " shows " + token + " after '" + before + "', and there is "
            + (isTwice ? "a get that shows it after '" + other + "'" : "a put of it"));
      }
      before += token;
    }
    return before.equals(get.text)
        ? Optional.empty()
        : Optional.of(get + " shows something that nobody wrote");
  }

  public static List<String> tokens(String value) {
    List<String> tokens = new ArrayList<>();
    int begin = 0;
    for (int end = value.indexOf(')'); end >= 0; end = value.indexOf(')', begin)) {
      tokens.add(value.substring(begin, end + 1));
      begin = end + 1;
    }
    return tokens;
  }

  private boolean canFinish(int value) {
    if (++steps > STEPS_MAX) {
      throw new AssertionError("the history of one key is too tangled to judge: " + ops.size());
    }
    List<Integer> harmless = new ArrayList<>();
    while (doHarmless(value, harmless)) {
      // What is over now may let others begin.
    }
    if (value != UNSEEN && getsLeft[value + 1] == 0 && nextAppend[value + 1] == NONE) {
      return canFinish(UNSEEN) || undo(harmless);
    }
    furthest = Math.max(furthest, done.cardinality());
    return done.cardinality() == ops.size() || canGoOn(value) || undo(harmless);
  }

  /** With a value that still has to be found, or one that nobody sees any more. */
  private boolean canGoOn(int value) {
    if (value != UNSEEN) {
      int append = nextAppend[value + 1];
      boolean isPossible =
          getsLeft[value + 1] == 0 && Arrays.stream(possible()).anyMatch(i -> i == append);
      return isPossible && canWrite(append);
    }
    int first = done.nextClearBit(0);
    if (!seen.add(new Seen(first, done.get(first, done.length())))) {
      return false;
    }
    for (int i : possible()) {
      if (ops.get(i).kind == Kind.PUT && canWrite(i)) {
        return true;
      }
    }
    return false;
  }

  private boolean canWrite(int i) {
    done.set(i);
    boolean canFinish = canFinish(i);
    done.set(i, canFinish);
    return canFinish;
  }

  /** Returns false, as whoever has to go back has failed. */
  private boolean undo(List<Integer> harmless) {
    for (int i : harmless) {
      done.clear(i);
      getsLeft[needed[i] + 1] += ops.get(i).kind == Kind.GET ? 1 : 0;
    }
    return false;
  }

  /**
   * Lets all happen at once that does no harm: a get that fits, and, while the value is one that
   * nobody sees, a write that nobody sees. Returns whether there was anything.
   */
  private boolean doHarmless(int value, List<Integer> harmless) {
    int before = harmless.size();
    for (int i : possible()) {
      boolean isGet = ops.get(i).kind == Kind.GET;
      if (isGet ? value == needed[i] : value == UNSEEN && !isShown[i]) {
        done.set(i);
        harmless.add(i);
        getsLeft[needed[i] + 1] -= isGet ? 1 : 0;
      }
    }
    return harmless.size() > before;
  }

  /** Those that began before any other of the rest was over. */
  private int[] possible() {
    long firstEnd = Long.MAX_VALUE;
    int count = 0;
    int first = done.nextClearBit(0);
    int next = first;
    while (next < ops.size() && ops.get(next).invokedMicros <= firstEnd) {
      Op op = ops.get(next);
      if (op.outcome == Outcome.DONE) {
        firstEnd = Math.min(firstEnd, op.returnedMicros);
      }
      count++;
      next = done.nextClearBit(next + 1);
    }
    int[] possible = new int[count];
    int found = 0;
    for (int i = first;
        i < next && ops.get(i).invokedMicros <= firstEnd;
        i = done.nextClearBit(i + 1)) {
      possible[found++] = i;
    }
    return found == count ? possible : Arrays.copyOf(possible, found);
  }

  private String whereItEnds() {
    StringBuilder text =
        new StringBuilder("no order explains more than ").append(furthest).append(" of these:");
    ops.forEach(op -> text.append("\n  ").append(op));
    return text.toString();
  }
}
