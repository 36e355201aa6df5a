package dev.paxoskv.sim.lin;

import java.util.List;
import java.util.Optional;

/**
 * What the checker found.
 *
 * @param kind legal or not, if that could be found out
 * @param key the first key that is not legal; empty if all are
 * @param unplaced the first call whose return left no legal order; only if illegal
 * @param around the calls of that key that together leave no legal order, {@code unplaced} among
 *     them; no read can be taken away without making them legal. Only if illegal.
 */
public record Verdict(Kind kind, Optional<String> key, Optional<Call> unplaced, History around) {

  /** The three answers. */
  public enum Kind {
    /** There is an order of the calls that explains what was seen. */
    LEGAL,
    /** There is none. */
    ILLEGAL,
    /** The search was given up at its limit: neither was shown. */
    UNDECIDED
  }

  static final Verdict LEGAL =
      new Verdict(Kind.LEGAL, Optional.empty(), Optional.empty(), new History(List.of()));

  public boolean isLegal() {
    return kind == Kind.LEGAL;
  }

  public boolean isIllegal() {
    return kind == Kind.ILLEGAL;
  }

  /** For people; the lines without {@code #} are a history again, and as illegal. */
  @Override
  public String toString() {
    String head = "# " + kind + key.map(k -> ", key " + k).orElse("") + "\n";
    String why = unplaced.map(call -> "# cannot be placed: " + call + "\n").orElse("");
    return head + why + around;
  }
}
