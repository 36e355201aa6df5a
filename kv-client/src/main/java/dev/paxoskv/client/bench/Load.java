package dev.paxoskv.client.bench;

import java.time.Duration;
import java.util.OptionalDouble;

/**
 * What is asked of a store.
 *
 * @param inFlight most operations at the same time, over all connections; 1 to 1,000,000
 * @param valueBytes size of the values written; 0 to 1 MiB
 * @param keys how many keys there are, each as likely; 1 to 1,000,000,000
 * @param readShare which part of the operations are gets; 0 to 1
 * @param duration for how long operations are begun; 1 ms to 24 h
 * @param rate operations begun each second, above 0 and up to 10,000,000. If empty the loop is
 *     closed: each operation that ends begins the next
 */
public record Load(
    int inFlight,
    int valueBytes,
    int keys,
    double readShare,
    Duration duration,
    OptionalDouble rate) {

  private static final int IN_FLIGHT_MAX = 1_000_000;
  private static final int VALUE_BYTES_MAX = 1 << 20;
  private static final int KEYS_MAX = 1_000_000_000;
  private static final double RATE_MAX = 10_000_000;
  private static final long MILLIS_MAX = Duration.ofHours(24).toMillis();

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException with a line for people
   */
  public Load {
    require("operations in flight", inFlight, 1, IN_FLIGHT_MAX);
    require("a value's bytes", valueBytes, 0, VALUE_BYTES_MAX);
    require("keys", keys, 1, KEYS_MAX);
    require("the duration in milliseconds", duration.toMillis(), 1, MILLIS_MAX);
    if (!(readShare >= 0 && readShare <= 1)) {
      throw new IllegalArgumentException("a read share of " + readShare + " is not 0 to 1");
    }
    if (rate.isPresent() && !(rate.getAsDouble() > 0 && rate.getAsDouble() <= RATE_MAX)) {
      throw new IllegalArgumentException("a rate of " + rate.getAsDouble()
          + " operations a second is not above 0 and up to " + (long) RATE_MAX);
    }
  }

  private static void require(String what, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          what + " must be " + least + " to " + most + ", not " + value);
    }
  }
}
