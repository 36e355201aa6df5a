package dev.paxoskv.client;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts what is in flight, before it reaches the event loop, whose queue has no bound of its own.
 * Safe for any number of threads.
 */
final class Admission {
  private final int operationsMax;
  private final long bytesMax;
  private final AtomicInteger operations = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();

  Admission(int operationsMax, long bytesMax) {
    this.operationsMax = operationsMax;
    this.bytesMax = bytesMax;
  }

  /** Why there is no room; if empty, {@link #leave} must follow. */
  Optional<String> enter(int more) {
    boolean isFull = operations.incrementAndGet() > operationsMax;
    boolean isHeavy = bytes.addAndGet(more) > bytesMax;
    if (!isFull && !isHeavy) {
      return Optional.empty();
    }
    leave(more);
    String limit = isFull ? operationsMax + " operations" : bytesMax + " bytes";
    return Optional.of("no more than " + limit + " may be in flight; wait for some to finish");
  }

  void leave(int less) {
    operations.decrementAndGet();
    bytes.addAndGet(-less);
  }
}
