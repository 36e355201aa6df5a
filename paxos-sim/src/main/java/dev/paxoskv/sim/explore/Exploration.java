package dev.paxoskv.sim.explore;

import java.util.Locale;
import java.util.Optional;

/**
 * What an explorer has seen.
 *
 * @param states of the whole group, all different
 * @param steps taken from them, most of which led to a state seen already
 * @param outcomes different in what was voted for and what was decided
 * @param peerStates of a single peer
 * @param messages that are different
 * @param depth steps to the farthest state
 * @param isExhausted whether nothing within the scenario's bounds was left out
 * @param violation what is wrong, and the shortest way there, if anything is
 */
public record Exploration(
    int states,
    long steps,
    int outcomes,
    int peerStates,
    int messages,
    int depth,
    boolean isExhausted,
    Optional<Violation> violation) {

  /**
   * A state that should not be.
   *
   * @param what is wrong in it
   * @param script a golden script that leads there
   * @param moves how many steps that takes
   */
  public record Violation(String what, String script, int moves) {}

  /** The figures in one line. */
  public String summary() {
    String end = violation.isPresent()
        ? "stopped at a violation"
        : isExhausted ? "exhausted" : "not exhausted";
    return String.format(
        Locale.ROOT,
        "%,d states, %,d steps, %,d outcomes, %,d peer states, %,d messages, depth %d, %s",
        states,
        steps,
        outcomes,
        peerStates,
        messages,
        depth,
        end);
  }
}
