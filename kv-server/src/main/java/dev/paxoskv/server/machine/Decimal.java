package dev.paxoskv.server.machine;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.OptionalLong;

/** Whole numbers of 64 bits with sign, written in the only way in which they are written here. */
final class Decimal {
  private static final int DIGITS_MAX = 20;

  private Decimal() {}

  /** Empty unless {@code text} is what {@link Long#toString} makes of some number. */
  static OptionalLong parse(byte[] text) {
    if (text.length == 0 || text.length > DIGITS_MAX) {
      return OptionalLong.empty();
    }
    String digits = new String(text, US_ASCII);
    try {
      long number = Long.parseLong(digits);
      return Long.toString(number).equals(digits) ? OptionalLong.of(number) : OptionalLong.empty();
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }
}
