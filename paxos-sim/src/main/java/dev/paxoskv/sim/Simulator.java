package dev.paxoskv.sim;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Virtual time: a queue of things that will happen, in the order of their time, and of their making
 * where the time is the same. Nothing else decides the order, so a run can be repeated.
 */
public final class Simulator {
  private final EventHeap events = new EventHeap();

  /** What is due now, but was made now: it comes after all that was due already. */
  private final ArrayDeque<Runnable> atOnce = new ArrayDeque<>();

  private long nowMicros;
  private long happened;
  private long traceHash;
  private Optional<Consumer<String>> listener = Optional.empty();

  public long nowMicros() {
    return nowMicros;
  }

  /** How many events have happened so far. */
  public long happened() {
    return happened;
  }

  /** Lets {@code action} happen {@code delayMicros} from now; 0: after all that is due already. */
  public void after(long delayMicros, Runnable action) {
    if (delayMicros < 0) {
      throw new IllegalArgumentException("time does not run backwards: " + delayMicros);
    }
    if (delayMicros == 0) {
      atOnce.addLast(action);
    } else {
      events.add(nowMicros + delayMicros, action);
    }
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
    while (!atOnce.isEmpty() || isDueBy(end)) {
      happened++;
      if (!atOnce.isEmpty() && !isDueBy(nowMicros)) {
        atOnce.removeFirst().run();
      } else {
        nowMicros = events.firstTime();
        events.remove().run();
      }
    }
    nowMicros = end;
  }

  private boolean isDueBy(long time) {
    return !events.isEmpty() && events.firstTime() <= time;
  }

  /** From now on {@code listener} is given a line of text for each thing that is noted. */
  public void listen(Consumer<String> listener) {
    this.listener = Optional.of(listener);
  }

  /** Notes what has happened. Two runs did the same exactly if their hashes are equal. */
  public void trace(String what) {
    trace(what.hashCode(), () -> what);
  }

  /**
   * The same for what happens too often to be put into words each time.
   *
   * @param hash stands for it in the hash of the run
   * @param words says it to whoever listens
   */
  public void trace(long hash, Supplier<String> words) {
    traceHash = ((traceHash * 31 + nowMicros) * 31 + hash) * 0x9e3779b97f4a7c15L;
    traceHash ^= traceHash >>> 32;
    listener.ifPresent(heard -> heard.accept(nowMicros + " " + words.get()));
  }

  public long traceHash() {
    return traceHash;
  }
}
