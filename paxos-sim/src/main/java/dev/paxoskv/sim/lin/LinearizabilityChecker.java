package dev.paxoskv.sim.lin;

import dev.paxoskv.sim.lin.Call.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Judges histories, key by key. Where the order of the writes can be read from what was found, the
 * search follows it; otherwise it looks at every order, within a limit.
 *
 * <pre>{@code
 * History history = History.parse("0..3 c1 put k x applied\n4..6 c2 get k missing");
 * new LinearizabilityChecker().check(history); // ILLEGAL, cannot be placed: 4..6 c2 get k missing
 * }</pre>
 */
public final class LinearizabilityChecker {

  /** So many states are looked at for one key before the search gives up. */
  public static final long STATES_MAX = 200_000;

  private final long statesMax;
  private final boolean readsOrder;

  public LinearizabilityChecker() {
    this(STATES_MAX, true);
  }

  /**
   * For tests.
   *
   * @param readsOrder false to search without what the reads say about the order
   */
  LinearizabilityChecker(long statesMax, boolean readsOrder) {
    this.statesMax = statesMax;
    this.readsOrder = readsOrder;
  }

  /** Illegal if one key is; else undecided if one key is; else legal. */
  public Verdict check(History history) {
    Verdict verdict = Verdict.LEGAL;
    for (Map.Entry<String, History> key : history.byKey().entrySet()) {
      Verdict.Kind kind = judge(key.getValue());
      if (kind == Verdict.Kind.ILLEGAL) {
        return explain(key.getKey(), key.getValue());
      }
      if (kind == Verdict.Kind.UNDECIDED) {
        verdict = new Verdict(kind, Optional.of(key.getKey()), Optional.empty(), key.getValue());
      }
    }
    return verdict;
  }

  private Verdict.Kind judge(History ofOneKey) {
    List<Call> calls =
        ofOneKey.calls().stream().filter(call -> !call.saysNothing()).toList();
    Optional<TokenModel> tokens = readsOrder ? TokenModel.of(calls) : Optional.empty();
    if (tokens.isPresent() && tokens.get().isContradictory()) {
      return Verdict.Kind.ILLEGAL;
    }
    if (tokens.isPresent()) {
      return new Search(tokens.get().tasks(), tokens.get(), statesMax).run();
    }
    List<Call> needed = isTelling(calls) ? calls : withoutUnseen(calls);
    return judge(needed.stream().map(Move::of).toList());
  }

  /** Judges calls of any kind on one text, which is not there at first. */
  public Verdict.Kind judge(List<Move> ofOneText) {
    TextModel model = new TextModel(ofOneText);
    return new Search(model.tasks(), model, statesMax).run();
  }

  /** Unknown writes that nobody saw may as well not have happened. */
  private static List<Call> withoutUnseen(List<Call> calls) {
    return calls.stream()
        .filter(call -> call.isRead() || call.outcome() == Outcome.APPLIED || isSeen(call, calls))
        .toList();
  }

  /** Whether calls other than reads tell what was there. */
  private static boolean isTelling(List<Call> calls) {
    return calls.stream().anyMatch(Call::isConditional);
  }

  private static boolean isSeen(Call write, List<Call> calls) {
    if (isTelling(calls)) {
      return true;
    }
    String value = write.value().orElseThrow();
    return calls.stream()
        .anyMatch(call -> call.isRead() && call.value().orElse("").contains(value));
  }

  private Verdict explain(String key, History illegal) {
    Call unplaced = firstUnplaced(illegal);
    History around = illegal.asOf(unplaced.returned());
    // Reads first: without them more writes are unseen, and those may go as well.
    around = shrink(around, call -> call.isRead() && !call.equals(unplaced));
    List<Call> seen = around.calls();
    around = shrink(around, call -> !call.isRead() && !isSeen(call, seen));
    return new Verdict(Verdict.Kind.ILLEGAL, Optional.of(key), Optional.of(unplaced), around);
  }

  /**
   * Takes calls away, many at a time, then fewer, as long as the rest is illegal. What may go is a
   * read or an unseen write: without it a legal history would still be legal.
   */
  private History shrink(History illegal, Predicate<Call> mayGo) {
    History left = illegal;
    int size = illegal.calls().size();
    while (size > 0) {
      List<Call> candidates = left.calls().stream().filter(mayGo).toList();
      for (int i = 0; i < candidates.size(); i += size) {
        List<Call> chunk = candidates.subList(i, Math.min(i + size, candidates.size()));
        History less = left.without(chunk);
        left = judge(less) == Verdict.Kind.ILLEGAL ? less : left;
      }
      size /= 2;
    }
    return left;
  }

  /** The beginning of a legal history is legal, so there is a first return that spoils it. */
  private Call firstUnplaced(History illegal) {
    List<Call> returns = new ArrayList<>(illegal.calls());
    returns.removeIf(call -> call.outcome() == Outcome.UNKNOWN);
    returns.sort(Comparator.comparingLong(Call::returned));
    int low = 0;
    int high = returns.size() - 1;
    while (low < high) {
      int middle = (low + high) / 2;
      if (judge(illegal.asOf(returns.get(middle).returned())) == Verdict.Kind.ILLEGAL) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return returns.get(low);
  }
}
