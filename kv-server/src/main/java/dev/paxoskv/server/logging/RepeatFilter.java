package dev.paxoskv.server.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.event.KeyValuePair;

/**
 * Lets a line that comes again and again through {@value #LINES} times a minute. The first that
 * comes through after that says how many were left out. Lines are the same if their text is,
 * whatever stands in its gaps. From any thread.
 */
public final class RepeatFilter extends Filter<ILoggingEvent> {
  /** Most lines of a kind in a minute. */
  static final int LINES = 20;

  private static final long WINDOW_NANOS = TimeUnit.MINUTES.toNanos(1);

  /** The program has some dozens; a library that pastes its texts together must not fill memory. */
  private static final int KINDS_MAX = 1000;

  /** What the line says besides. */
  static final String LEFT_OUT = "leftOut";

  private record Kind(String logger, String format) {}

  private static final class Count {
    private final long begun;
    private int lines;

    Count(long begun) {
      this.begun = begun;
    }
  }

  private final LongSupplier nanos;
  private final Map<Kind, Count> counts = new HashMap<>();

  public RepeatFilter() {
    this(System::nanoTime);
  }

  /** One for tests, with a clock of theirs. */
  RepeatFilter(LongSupplier nanos) {
    this.nanos = nanos;
  }

  @Override
  public FilterReply decide(ILoggingEvent event) {
    OptionalInt leftOut = leftOutBefore(new Kind(event.getLoggerName(), event.getMessage()));
    if (leftOut.isEmpty()) {
      return FilterReply.DENY;
    }
    if (leftOut.getAsInt() > 0 && event instanceof LoggingEvent line) {
      line.addKeyValuePair(new KeyValuePair(LEFT_OUT, leftOut.getAsInt()));
    }
    return FilterReply.NEUTRAL;
  }

  /** How many were left out before this one, which is let through; empty if it is not. */
  private synchronized OptionalInt leftOutBefore(Kind kind) {
    long now = nanos.getAsLong();
    Count count = counts.get(kind);
    if (count == null || now - count.begun >= WINDOW_NANOS) {
      if (count == null && counts.size() >= KINDS_MAX) {
        counts.clear();
      }
      Count next = new Count(now);
      next.lines = 1;
      counts.put(kind, next);
      return OptionalInt.of(count == null ? 0 : Math.max(0, count.lines - LINES));
    }
    count.lines++;
    return count.lines <= LINES ? OptionalInt.of(0) : OptionalInt.empty();
  }
}
