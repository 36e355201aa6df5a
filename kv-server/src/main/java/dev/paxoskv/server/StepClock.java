package dev.paxoskv.server;

import java.util.function.LongSupplier;

/** The time, looked up once for all that happens in one go. Protocol thread only. */
final class StepClock implements LongSupplier {
  private long nanos;
  private boolean isKnown;

  @Override
  public long getAsLong() {
    if (!isKnown) {
      nanos = System.nanoTime();
      isKnown = true;
    }
    return nanos;
  }

  /** Something else begins: the time is looked up anew when somebody asks. */
  void goOn() {
    isKnown = false;
  }
}
