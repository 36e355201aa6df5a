package dev.paxoskv.paxos.protocol;

import java.util.function.Supplier;

/**
 * Checks that stay on in production: a peer that finds itself wrong stops instead of spreading the
 * error.
 */
public final class Invariants {
  private Invariants() {}

  /** Thrown when a rule that can only break through a bug is broken. The peer must stop. */
  public static final class InvariantViolation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    InvariantViolation(String message) {
      super(message);
    }
  }

  /**
   * Stops the step if a rule is broken.
   *
   * @param holds the rule
   * @param what names the rule and the facts; built only if it is broken
   * @throws InvariantViolation if {@code holds} is false
   */
  public static void check(boolean holds, Supplier<String> what) {
    if (!holds) {
      throw new InvariantViolation(what.get());
    }
  }
}
