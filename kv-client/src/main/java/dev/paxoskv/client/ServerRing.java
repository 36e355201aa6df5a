package dev.paxoskv.client;

import dev.paxoskv.paxos.net.Address;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Which server to ask next, and how long to wait before. Only a real answer counts as success: a
 * server that accepts a connection and then closes it, or says to come back later, must not be met
 * by a client that starts afresh each time.
 */
final class ServerRing {
  static final long PAUSE_NANOS_MIN = TimeUnit.MILLISECONDS.toNanos(20);
  static final long PAUSE_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(500);

  private static final int RESTS_MAX = 3;

  private final List<Address> servers;
  private final RandomGenerator dice;
  private int current;
  private int failures;
  private int rests;

  /** Begins with the first of {@code servers}, of which there must be one. */
  ServerRing(List<Address> servers, RandomGenerator dice) {
    this.servers = List.copyOf(servers);
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
  }

  /** Twice as long each round up to the cap; jittered, so that clients do not return in step. */
  private long pauseNanos(int round) {
    long most = Math.min(PAUSE_NANOS_MAX, PAUSE_NANOS_MIN << Math.min(round, 10));
    return most / 2 + dice.nextLong(most / 2 + 1);
  }
}
