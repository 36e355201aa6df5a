package dev.paxoskv.sim;

import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * Virtual time: a queue of things that will happen, in the order of their time, and of their making
 * where the time is the same. Nothing else decides the order, so a run can be repeated.
 */
public final class Simulator {
  private record Event(long atMicros, long number, Runnable action) {}

  private final PriorityQueue<Event> events = new PriorityQueue<>(
      Comparator.comparingLong(Event::atMicros).thenComparingLong(Event::number));
  private long nowMicros;
  private long scheduled;
  private long traceHash;

  public long nowMicros() {
    return nowMicros;
  }

  /** Lets {@code action} happen {@code delayMicros} from now; 0: after all that is due already. */
  public void after(long delayMicros, Runnable action) {
    if (delayMicros < 0) {
      throw new IllegalArgumentException("time does not run backwards: " + delayMicros);
    }
    events.add(new Event(nowMicros + delayMicros, scheduled++, action));
  }

  /** Lets {@code action} happen again and again, for the first time at {@code firstMicros}. */
  public void every(long firstMicros, long periodMicros, Runnable action) {
    after(firstMicros, () -> {
      action.run();
      every(periodMicros, periodMicros, action);
    });
  }

  /** Lets {@code micros} pass, with all that happens in them. */
  public void run(long micros) {
    long end = nowMicros + micros;
    Event next = events.peek();
    while (next != null && next.atMicros() <= end) {
      events.remove();
      nowMicros = next.atMicros();
      next.action().run();
      next = events.peek();
    }
    nowMicros = end;
  }

  /** Notes what has happened. Two runs did the same exactly if their hashes are equal. */
  public void trace(String what) {
    traceHash = (traceHash * 31 + nowMicros) * 31 + what.hashCode();
  }

  public long traceHash() {
    return traceHash;
  }
}
