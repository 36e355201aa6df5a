package dev.paxoskv.server.door.redis.wire;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.OptionalLong;

/** A line, put together from the pieces in which it comes; the next one goes into the same room. */
final class Line {
  /** Most bytes of one, its end left out. */
  static final int BYTES_MAX = 1 << 16;

  private static final int KEPT_BYTES = 1 << 10;
  private static final int DIGITS_MAX = 18;

  private byte[] bytes = new byte[KEPT_BYTES];
  private int length;
  private boolean isTooLong;

  /** Takes what belongs to it; true if its end, a LF, was there. */
  boolean takes(ByteBuf in) {
    int end = in.bytesBefore((byte) '\n');
    int more = end < 0 ? in.readableBytes() : end;
    // One byte more may be the CR.
    isTooLong |= length + more > BYTES_MAX + 1;
    if (isTooLong) {
      return false;
    }
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(length + more, 2 * bytes.length));
    }
    in.readBytes(bytes, length, more);
    length += more;
    in.skipBytes(end < 0 ? 0 : 1);
    return end >= 0;
  }

  boolean isTooLong() {
    return isTooLong;
  }

  /** Its first byte; 0 if it is empty. */
  byte first() {
    return length == 0 ? 0 : bytes[0];
  }

  /** What is before its end, which may be a LF alone. */
  byte[] text() {
    return Arrays.copyOf(bytes, endsWithReturn() ? length - 1 : length);
  }

  /** The number between its first byte and CR LF, in the one way in which Redis would write it. */
  OptionalLong number() {
    boolean isNegative = length > 1 && bytes[1] == '-';
    int first = isNegative ? 2 : 1;
    int digits = length - 1 - first;
    boolean isOdd = bytes[first] == '0' && (digits > 1 || isNegative);
    if (!endsWithReturn() || digits < 1 || digits > DIGITS_MAX || isOdd) {
      return OptionalLong.empty();
    }
    long number = 0;
    for (int i = first; i < first + digits; i++) {
      int digit = bytes[i] - '0';
      if (digit < 0 || digit > 9) {
        return OptionalLong.empty();
      }
      number = 10 * number + digit;
    }
    return OptionalLong.of(isNegative ? -number : number);
  }

  private boolean endsWithReturn() {
    return length > 0 && bytes[length - 1] == '\r';
  }

  /** The next one begins. */
  void clear() {
    length = 0;
    if (bytes.length > KEPT_BYTES) {
      bytes = new byte[KEPT_BYTES];
    }
  }
}
