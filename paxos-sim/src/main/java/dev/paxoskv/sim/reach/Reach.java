package dev.paxoskv.sim.reach;

import dev.paxoskv.sim.check.Witness;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * How often runs have been in the states that matter and seldom occur. Tests that never get there
 * prove nothing about them.
 */
public final class Reach {

  /** The rare states. Their names are what the table says. */
  public enum State {
    REJECT_IN_PHASE_ONE,
    REJECT_IN_PHASE_TWO,
    DUEL_LOST_AFTER_A_PROMISE,
    VOTE_ADOPTED_FROM_A_LOWER_BALLOT,
    PROMISES_REPORT_DIFFERENT_VALUES,
    VOTE_REPLACED_AT_A_HIGHER_BALLOT,
    VOTE_REPLACED_BY_ANOTHER_VALUE,
    VOTE_WITHOUT_A_PROMISE_BEFORE,
    PREPARE_SENT_AGAIN,
    ACCEPT_SENT_AGAIN,
    DUPLICATE_PREPARE_ANSWERED_AGAIN,
    DUPLICATE_ACCEPT_ANSWERED_AGAIN,
    PROMISE_AFTER_THE_MAJORITY,
    ACCEPTED_AFTER_THE_DECISION,
    ANSWER_TO_AN_ABANDONED_BALLOT,
    PREPARE_HOPELESS_BY_FAILED_SENDS,
    ACCEPT_HOPELESS_BY_FAILED_SENDS,
    LATE_PREPARE_TOLD_BY_FETCHED,
    LATE_ACCEPT_TOLD_BY_FETCHED,
    TWO_PROPOSERS_TOLD_OF_ONE_DECISION,
    DECIDED_WITHOUT_VALUE_NEEDS_A_FETCH,
    ANOTHER_PEERS_VALUE_WON,
    FORGOTTEN_ANSWERS_PREPARE,
    FORGOTTEN_ANSWERS_ACCEPT,
    FORGOTTEN_ANSWERS_FETCH,
    DECIDED_FOR_A_FORGOTTEN_INSTANCE,
    MIN_RAISED_BY_FORGOTTEN,
    FORGOTTEN_BEFORE_IT_WAS_DECIDED,
    START_OF_A_FORGOTTEN_INSTANCE,
    START_OF_A_DECIDED_INSTANCE,
    DONE_MARK_BELOW_AN_EARLIER_ONE,
    DONE_MARK_TRAVELS_ALONE;

    String words() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  private final Map<State, Long> times = new EnumMap<>(State.class);
  private final Map<State, Long> runs = new EnumMap<>(State.class);

  /** Those who notice when a group of {@code peers} gets into one of the states. */
  public List<Witness> watchers(int peers) {
    return List.of(
        new RoundReach(peers, this), new AnswerReach(this), new ForgetReach(peers, this));
  }

  void hit(State state) {
    times.merge(state, 1L, Long::sum);
  }

  public long times(State state) {
    return times.getOrDefault(state, 0L);
  }

  /** Adds what another run has reached. */
  public void add(Reach other) {
    other.times.forEach((state, count) -> {
      times.merge(state, count, Long::sum);
      runs.merge(state, 1L, Long::sum);
    });
  }

  /** In how many of the runs that were added. */
  public long runs(State state) {
    return runs.getOrDefault(state, 0L);
  }

  /** The states that fewer than {@code least} of the runs that were added have reached. */
  public Set<State> reachedByFewerThan(long least) {
    Set<State> rare = EnumSet.allOf(State.class);
    rare.removeIf(state -> runs(state) >= least);
    return rare;
  }

  /** One line for each state: how often in all, and in how many of the runs that were added. */
  public String table() {
    StringBuilder table = new StringBuilder();
    for (State state : State.values()) {
      table.append(
          String.format(Locale.ROOT, "%12d %8d  %s%n", times(state), runs(state), state.words()));
    }
    return table.toString();
  }
}
