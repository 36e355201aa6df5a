package dev.paxoskv.sim;

import dev.paxoskv.paxos.protocol.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Sees what every peer proposes and decides, and stops the run as soon as two peers decide
 * different values for one instance, or anyone decides what nobody proposed.
 */
public final class AgreementChecker {
  private record Decision(int peer, Value value) {}

  private final String run;
  private final TreeMap<Long, List<Value>> proposed = new TreeMap<>();
  private final TreeMap<Long, Decision> decided = new TreeMap<>();

  /**
   * Checks one run.
   *
   * @param run names it in failures, so that it can be repeated
   */
  public AgreementChecker(String run) {
    this.run = run;
  }

  /** Somebody starts {@code seq} with {@code value}. */
  public void proposed(long seq, Value value) {
    proposed.computeIfAbsent(seq, s -> new ArrayList<>()).add(value);
  }

  /**
   * {@code peer} has learnt a decision.
   *
   * @throws AssertionError if it breaks agreement
   */
  public void decided(int peer, long seq, Value value) {
    if (!proposed.getOrDefault(seq, List.of()).contains(value)) {
      throw new AssertionError(
          run + ": peer " + peer + " decided " + value + " in " + seq + ", which nobody proposed");
    }
    Decision first = decided.putIfAbsent(seq, new Decision(peer, value));
    if (first != null && !first.value().equals(value)) {
      throw new AssertionError(run + ": instance " + seq + " was decided twice: " + first.value()
          + " at peer " + first.peer() + ", " + value + " at peer " + peer);
    }
  }

  /** How many instances were decided at one peer or more. */
  public int decisions() {
    return decided.size();
  }
}
