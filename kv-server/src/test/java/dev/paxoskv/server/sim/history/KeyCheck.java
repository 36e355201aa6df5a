package dev.paxoskv.server.sim.history;

import dev.paxoskv.server.sim.history.History.Kind;
import dev.paxoskv.server.sim.history.History.Op;
import dev.paxoskv.server.sim.history.History.Outcome;
import java.util.ArrayList;
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

  private record Seen(BitSet done, String value) {}

  /** A value that no get shows. */
  private static final String UNSEEN = "?";

  private final List<Op> ops;

  /** The writes that some get shows, with the value that each was added to. */
  private final Map<Op, String> shown;

  private final Set<Seen> seen = new HashSet<>();
  private final BitSet done = new BitSet();
  private int steps;
  private int furthest;

  private KeyCheck(List<Op> ops, Map<Op, String> shown) {
    this.ops = ops;
    this.shown = shown;
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
    return check.canFinish("") ? Optional.empty() : Optional.of(check.whereItEnds());
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
    return Optional.empty();
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

  private boolean canFinish(String value) {
    if (++steps > STEPS_MAX) {
      throw new AssertionError("the history of one key is too tangled to judge: " + ops.size());
    }
    List<Integer> harmless = new ArrayList<>();
    for (List<Integer> more = harmless(value); !more.isEmpty(); more = harmless(value)) {
      more.forEach(done::set);
      harmless.addAll(more);
    }
    furthest = Math.max(furthest, done.cardinality());
    boolean canFinish = done.cardinality() == ops.size() || canGoOn(value);
    if (!canFinish) {
      harmless.forEach(done::clear);
    }
    return canFinish;
  }

  private boolean canGoOn(String value) {
    if (!seen.add(new Seen((BitSet) done.clone(), value))) {
      return false;
    }
    for (int i : possible()) {
      Optional<String> next = after(ops.get(i), value);
      if (next.isPresent()) {
        done.set(i);
        if (canFinish(next.get())) {
          return true;
        }
        done.clear(i);
      }
    }
    return false;
  }

  /** The value after a write, if that may happen now. */
  private Optional<String> after(Op op, String value) {
    if (op.kind == Kind.GET) {
      return Optional.empty();
    }
    if (!shown.containsKey(op)) {
      return Optional.of(UNSEEN);
    }
    boolean fits = op.kind == Kind.PUT || value.equals(shown.get(op));
    return fits ? Optional.of(shown.get(op) + op.text) : Optional.empty();
  }

  /**
   * What does no harm if it happens at once: a get that fits, and, while the value is one that
   * nobody sees, another write that nobody sees.
   */
  private List<Integer> harmless(String value) {
    return possible().stream().filter(i -> isHarmless(ops.get(i), value)).toList();
  }

  private boolean isHarmless(Op op, String value) {
    return op.kind == Kind.GET
        ? op.text.equals(value)
        : value.equals(UNSEEN) && !shown.containsKey(op);
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
