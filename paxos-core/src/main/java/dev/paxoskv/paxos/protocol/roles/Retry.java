package dev.paxoskv.paxos.protocol.roles;

import java.util.random.RandomGenerator;

/**
 * How long to wait before trying again, in ticks: doubling, capped, and jittered with dice that are
 * given, so that two peers do not collide for ever and a run can be replayed.
 */
final class Retry {
  /**
   * No answer: the first wait is long against a round trip, so that a slow peer is not asked twice.
   */
  static final int SILENCE_TICKS_MIN = 20;

  static final int SILENCE_TICKS_MAX = 80;

  /** Refused, or a majority could not be reached: the answer was quick, so the next try may be. */
  static final int REFUSED_TICKS_MIN = 2;

  static final int REFUSED_TICKS_MAX = 40;

  private final RandomGenerator dice;

  Retry(RandomGenerator dice) {
    this.dice = dice;
  }

  /** Ticks until an unanswered request is sent again; {@code attempt} counts from 0. */
  long afterSilence(int attempt) {
    long window = window(SILENCE_TICKS_MIN, SILENCE_TICKS_MAX, attempt);
    return window / 2 + dice.nextLong(1 + window / 2);
  }

  /** Ticks until a refused proposer tries a higher ballot; {@code attempt} counts from 0. */
  long afterRefusal(int attempt) {
    return 1 + dice.nextLong(window(REFUSED_TICKS_MIN, REFUSED_TICKS_MAX, attempt));
  }

  private static long window(int min, int max, int attempt) {
    return Math.min(max, (long) min << Math.min(attempt, 20));
  }
}
