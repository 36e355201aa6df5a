package dev.paxoskv.client;

import dev.paxoskv.paxos.net.Address;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Which server to ask next, and how long to wait before. Only a real answer counts as success: a
 * server that accepts a connection and then closes it, or says to come back later, must not be met
 * by a client that starts afresh each time.
 *
 * <p>The first server is preferred. A client that had to leave it looks, while it is in use,
 * whether that one serves again, and goes back then. It waits twice as long before the next look
 * each time that it looked in vain or could not stay.
 */
final class ServerRing {
  static final long PAUSE_NANOS_MIN = TimeUnit.MILLISECONDS.toNanos(20);
  static final long PAUSE_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(500);

  static final long LOOK_NANOS_MIN = TimeUnit.SECONDS.toNanos(2);
  static final long LOOK_NANOS_MAX = TimeUnit.SECONDS.toNanos(32);

  /** For so long the first server must answer after a return until all is as if never left. */
  static final long TRIAL_NANOS = LOOK_NANOS_MAX;

  private static final int RESTS_MAX = 3;

  private final List<Address> servers;
  private final LongSupplier clock;
  private final RandomGenerator dice;
  private int current;
  private int failures;
  private int rests;
  private int looks;
  private boolean isLooking;
  private long lookNanos;
  private long trialEndNanos;

  /**
   * Begins with the first of {@code servers}, of which there must be one.
   *
   * @param clock nanoseconds, never going back
   */
  ServerRing(List<Address> servers, LongSupplier clock, RandomGenerator dice) {
    this.servers = List.copyOf(servers);
    this.clock = clock;
    this.dice = dice;
  }

  Address current() {
    return servers.get(current);
  }

  boolean hasOthers() {
    return servers.size() > 1;
  }

  /**
   * The current server is of no use now: moves to the next one.
   *
   * @return nanoseconds to wait before asking it: 0 until all have failed in turn, for one of them
   *     may be well; then longer from sweep to sweep
   */
  long failed() {
    if (current == 0) {
      lookLater();
    }
    current = (current + 1) % servers.size();
    failures++;
    rests = 0;
    boolean isSweepOver = failures % servers.size() == 0;
    return isSweepOver ? pauseNanos(failures / servers.size() - 1) : 0;
  }

  /** How many nanoseconds to wait before asking the current server again what it put off. */
  long putOff() {
    return pauseNanos(rests++);
  }

  /** Whether the current server has only put things off for so long that another may be better. */
  boolean isTimeToLeave() {
    return hasOthers() && rests >= RESTS_MAX;
  }

  /** The current server gave a real answer. */
  void answered() {
    failures = 0;
    rests = 0;
    if (looks > 0 && current == 0 && clock.getAsLong() - trialEndNanos >= 0) {
      looks = 0;
    }
  }

  /** Whether the first server was left, and so long ago that it may be well again. */
  boolean isTimeToLook() {
    return current != 0 && !isLooking && clock.getAsLong() - lookNanos >= 0;
  }

  /** The first server, which is asked now how it is; {@link #looked} must follow. */
  Address look() {
    isLooking = true;
    looks++;
    return servers.get(0);
  }

  /** Takes in whether the first server serves; returns whether to go back to it. */
  boolean looked(boolean serves) {
    isLooking = false;
    if (!serves) {
      lookLater();
    }
    return serves && current != 0;
  }

  /** The first server is the current one again, on trial. */
  void goHome() {
    current = 0;
    rests = 0;
    trialEndNanos = clock.getAsLong() + TRIAL_NANOS;
  }

  private void lookLater() {
    lookNanos = clock.getAsLong() + jittered(LOOK_NANOS_MIN, LOOK_NANOS_MAX, looks);
  }

  private long pauseNanos(int round) {
    return jittered(PAUSE_NANOS_MIN, PAUSE_NANOS_MAX, round);
  }

  /** Twice as long each round up to the cap; jittered, so that clients do not return in step. */
  private long jittered(long min, long max, int round) {
    long most = Math.min(max, min << Math.min(round, 10));
    return most / 2 + dice.nextLong(most / 2 + 1);
  }
}
