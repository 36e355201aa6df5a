package dev.paxoskv.server.sim;

import dev.paxoskv.server.sim.History.Kind;
import dev.paxoskv.server.sim.History.Op;
import dev.paxoskv.server.sim.History.Outcome;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
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
final class KeyCheck {
  private static final int STEPS_MAX = 2_000_000;

  private record Seen(BitSet done, String value) {}

  private final List<Op> ops;
  private final Set<Seen> seen = new HashSet<>();
  private final BitSet done = new BitSet();
  private int steps;
  private int furthest;

  private KeyCheck(List<Op> ops) {
    this.ops = ops;
  }

  /** What is wrong; empty if the operations can have happened. */
  static Optional<String> faultOf(List<Op> all) {
    Map<String, Op> writers = new TreeMap<>();
    all.stream().filter(op -> op.kind != Kind.GET).forEach(op -> writers.put(op.text, op));
    Set<Op> shown = new HashSet<>();
    for (Op get : all) {
      if (get.kind != Kind.GET || get.outcome != Outcome.DONE) {
        continue;
      }
      Set<String> once = new HashSet<>();
      for (String token : tokens(get.text)) {
        Op writer = writers.get(token);
        if (writer == null || writer.outcome == Outcome.NOT_APPLIED || !once.add(token)) {
          return Optional.of(get + " shows " + token + ", which was "
              + (writer == null ? "never written" : writer.outcome + " or is there twice"));
        }
        shown.add(writer);
      }
    }
    List<Op> ops = new ArrayList<>(all.stream()
        .filter(op -> op.outcome == Outcome.DONE || shown.contains(op))
        .sorted(Comparator.comparingLong(op -> op.invokedMicros))
        .toList());
    KeyCheck check = new KeyCheck(ops);
    return check.canFinish("") ? Optional.empty() : Optional.of(check.whereItEnds());
  }

  static List<String> tokens(String value) {
    List<String> tokens = new ArrayList<>();
    int begin = 0;
    for (int end = value.indexOf(')'); end >= 0; end = value.indexOf(')', begin)) {
      tokens.add(value.substring(begin, end + 1));
      begin = end + 1;
    }
    return tokens;
  }

  private boolean canFinish(String value) {
    if (++steps > STEPS_MAX) {
      throw new AssertionError("the history of one key is too tangled to judge: " + ops.size());
    }
    // A get that fits now does no harm now, so nothing is lost by letting it happen at once.
    List<Integer> gets = new ArrayList<>();
    for (List<Integer> more = fittingGets(value); !more.isEmpty(); more = fittingGets(value)) {
      more.forEach(done::set);
      gets.addAll(more);
    }
    furthest = Math.max(furthest, done.cardinality());
    boolean canFinish = done.cardinality() == ops.size() || canGoOn(value);
    if (!canFinish) {
      gets.forEach(done::clear);
    }
    return canFinish;
  }

  private boolean canGoOn(String value) {
    if (!seen.add(new Seen((BitSet) done.clone(), value))) {
      return false;
    }
    for (int i : possible()) {
      Op op = ops.get(i);
      if (op.kind != Kind.GET) {
        done.set(i);
        if (canFinish(op.kind == Kind.PUT ? op.text : value + op.text)) {
          return true;
        }
        done.clear(i);
      }
    }
    return false;
  }

  private List<Integer> fittingGets(String value) {
    List<Integer> fitting = new ArrayList<>();
    for (int i : possible()) {
      if (ops.get(i).kind == Kind.GET && ops.get(i).text.equals(value)) {
        fitting.add(i);
      }
    }
    return fitting;
  }

  /** Those that began before any other of the rest was over. */
  private List<Integer> possible() {
    long firstEnd = Long.MAX_VALUE;
    List<Integer> possible = new ArrayList<>();
    for (int i = done.nextClearBit(0); i < ops.size(); i = done.nextClearBit(i + 1)) {
      Op op = ops.get(i);
      if (op.invokedMicros > firstEnd) {
        break;
      }
      possible.add(i);
      if (op.outcome == Outcome.DONE) {
        firstEnd = Math.min(firstEnd, op.returnedMicros);
      }
    }
    long end = firstEnd;
    possible.removeIf(i -> ops.get(i).invokedMicros > end);
    return possible;
  }

  private String whereItEnds() {
    StringBuilder text =
        new StringBuilder("no order explains more than ").append(furthest).append(" of these:");
    ops.forEach(op -> text.append("\n  ").append(op));
    return text.toString();
  }
}
