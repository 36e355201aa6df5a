package dev.paxoskv.client.bench;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The share of the load that goes over one connection. */
final class Lane {
  /** Which of how many lanes. */
  record Share(int index, int of) {
    /** This lane's part of {@code all}, which the lanes share evenly. */
    int part(int all) {
      return all / of + (index < all % of ? 1 : 0);
    }
  }

  private static final byte[] FIRST_KEY = "key-000000000000".getBytes(StandardCharsets.US_ASCII);

  private final Target target;
  private final Load load;
  private final Share share;
  private final SplittableRandom dice;
  private final Tally tally;
  private final byte[] value;

  Lane(Target target, Load load, Share share, long seed, Tally tally) {
    this.target = target;
    this.load = load;
    this.share = share;
    this.dice = new SplittableRandom(seed + share.index());
    this.tally = tally;
    this.value = new byte[load.valueBytes()];
    dice.nextBytes(value);
  }

  /** Begins operations from {@code begin} to {@code end}, of {@link System#nanoTime}. */
  void run(long begin, long end) {
    OptionalDouble rate = load.rate();
    int slots = share.part(load.inFlight());
    if (rate.isPresent()) {
      pace(begin, end, rate.getAsDouble(), slots);
    } else {
      for (int i = 0; i < slots; i++) {
        new Slot(dice.split(), end).go();
      }
    }
  }

  /** One operation after the other. */
  private final class Slot {
    private final SplittableRandom own;
    private final long end;

    Slot(SplittableRandom own, long end) {
      this.own = own;
      this.end = end;
    }

    /** A loop where operations end at once, which otherwise would call itself ever deeper. */
    void go() {
      boolean isAtOnce = true;
      while (isAtOnce && System.nanoTime() < end) {
        long begin = System.nanoTime();
        CompletableFuture<?> operation = begin(own);
        isAtOnce = operation.isDone();
        if (isAtOnce) {
          operation.whenComplete((done, why) -> tally.ended(begin, Optional.ofNullable(why)));
        } else {
          operation.whenComplete((done, why) -> {
            tally.ended(begin, Optional.ofNullable(why));
            go();
          });
        }
      }
    }
  }

  /**
   * Each operation has its time. One that must wait for a place is late by that, and its latency
   * says so: it counts from the time that was meant.
   */
  private void pace(long begin, long end, double rate, int slots) {
    Semaphore places = new Semaphore(slots);
    double nanosEach = 1e9 / rate;
    long number = share.index();
    long due = begin + (long) (number * nanosEach);
    while (due < end) {
      waitUntil(due);
      if (!isPlaceFree(places, end)) {
        tally.count("not begun in time", (long) Math.ceil((end - due) / (nanosEach * share.of())));
        return;
      }
      long meant = due;
      begin(dice).whenComplete((done, why) -> {
        tally.ended(meant, Optional.ofNullable(why));
        places.release();
      });
      number += share.of();
      due = begin + (long) (number * nanosEach);
    }
  }

  private static boolean isPlaceFree(Semaphore places, long end) {
    try {
      return places.tryAcquire(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static void waitUntil(long at) {
    long left = at - System.nanoTime();
    while (left > 0) {
      LockSupport.parkNanos(left);
      left = Thread.currentThread().isInterrupted() ? 0 : at - System.nanoTime();
    }
  }

  /** By hand: to format it takes longer than all else that is done here for an operation. */
  static byte[] key(int number) {
    byte[] key = FIRST_KEY.clone();
    int left = number;
    for (int at = key.length - 1; left > 0; at--) {
      key[at] = (byte) ('0' + left % 10);
      left /= 10;
    }
    return key;
  }

  private CompletableFuture<?> begin(SplittableRandom by) {
    byte[] key = key(by.nextInt(load.keys()));
    tally.began();
    try {
      return by.nextDouble() < load.readShare() ? target.get(key) : target.put(key, value);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }
}
