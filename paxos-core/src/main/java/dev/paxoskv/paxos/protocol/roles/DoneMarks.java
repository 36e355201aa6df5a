package dev.paxoskv.paxos.protocol.roles;

import dev.paxoskv.paxos.protocol.DurableRecord;
import dev.paxoskv.paxos.protocol.Recovered;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * The highest instance that each peer's application is done with, as far as this peer has heard.
 * Marks only rise: arguments may come in any order, and a lower one after a higher one changes
 * nothing.
 */
final class DoneMarks {
  /** A mark that could not be delivered is sent again after a while, doubling, capped. */
  private static final long AGAIN_TICKS_MIN = 100;

  private static final long AGAIN_TICKS_MAX = 1000;

  /** A message for the mark alone goes no more often: a busy application raises it all the time. */
  private static final long ALONE_TICKS = 10;

  private final int me;
  private final long[] marks;
  private final long[] told;
  private final long[] againTick;
  private final long[] failures;
  private final long[] aloneTick;
  private long min;
  private long floor;

  DoneMarks(int me, int peers) {
    this.me = me;
    this.marks = new long[peers];
    this.told = new long[peers];
    this.againTick = new long[peers];
    this.failures = new long[peers];
    this.aloneTick = new long[peers];
    Arrays.fill(marks, -1);
    Arrays.fill(told, -1);
  }

  /** Returns whether the mark of {@code peer} was raised. */
  boolean raise(int peer, long seq) {
    if (seq <= marks[peer]) {
      return false;
    }
    marks[peer] = seq;
    min = 1 + Arrays.stream(marks).min().orElse(-1);
    if (peer == me) {
      Arrays.fill(againTick, 0);
      Arrays.fill(failures, 0);
    }
    return true;
  }

  /**
   * Takes up what the journal kept. Our own mark is our application's to raise again; but it was
   * not below what everyone was done with.
   */
  void recover(Recovered recovered) {
    for (int peer = 0; peer < marks.length; peer++) {
      marks[peer] = peer == me ? recovered.min() - 1 : recovered.doneMark(peer);
    }
    min = recovered.min();
    floor = recovered.floor();
  }

  /** A snapshot covers what is below {@code seq}; returns whether that is news. */
  boolean raiseFloor(long seq) {
    boolean isRaised = seq > floor();
    floor = Math.max(floor, seq);
    return isRaised;
  }

  /**
   * The acceptor keeps nothing below: every peer is done with it, or a snapshot of ours covers it.
   */
  long floor() {
    return Math.max(min, floor);
  }

  /** The seed's Min: one more than the least mark. Everything below is forgotten. */
  long min() {
    return min;
  }

  long own() {
    return marks[me];
  }

  List<Long> all() {
    return LongStream.of(marks).boxed().collect(Collectors.toUnmodifiableList());
  }

  List<DurableRecord> records() {
    List<DurableRecord> records = new ArrayList<>();
    for (int peer = 0; peer < marks.length; peer++) {
      records.add(new DurableRecord.DoneMark(peer, marks[peer]));
    }
    return records;
  }

  /** Our mark is about to leave for {@code peer}, on whatever message. */
  void told(int peer) {
    told[peer] = own();
  }

  /** A message certainly did not reach {@code peer}: the mark it carried, if any, is owed again. */
  void notTold(int peer, long now) {
    if (told[peer] < 0) {
      return;
    }
    told[peer] = -1;
    againTick[peer] =
        now + Math.min(AGAIN_TICKS_MAX, AGAIN_TICKS_MIN << (int) Math.min(failures[peer], 10));
    failures[peer]++;
  }

  /**
   * Whether to send {@code peer} our mark at {@code now} with nothing to carry it, which is then
   * taken to be done.
   */
  boolean leavesAlone(int peer, long now) {
    boolean leaves = owes(peer, now) && now >= aloneTick[peer];
    if (leaves) {
      aloneTick[peer] = now + ALONE_TICKS;
    }
    return leaves;
  }

  /** Whether {@code peer} has not been sent our mark, and it is time to. */
  boolean owes(int peer, long now) {
    return peer != me && told[peer] < own() && now >= againTick[peer];
  }
}
