package dev.paxoskv.client.bench;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Values that are all different, and none the beginning of another, so that a read tells which
 * write it has seen. From any thread.
 */
public final class Tokens {
  public static final int BYTES_MIN = 16;

  // So that a second run does not write what a first one has written.
  private final AtomicLong last = new AtomicLong(System.currentTimeMillis() * 1000);

  /** The next one; {@code bytes} is {@link #BYTES_MIN} or more. */
  public byte[] next(int bytes) {
    byte[] token = new byte[bytes];
    Arrays.fill(token, (byte) '.');
    long left = last.incrementAndGet();
    for (int at = BYTES_MIN - 1; at >= 0; at--) {
      token[at] = (byte) ('0' + left % 10);
      left /= 10;
    }
    return token;
  }
}
