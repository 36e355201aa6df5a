package dev.paxoskv.server.door.redis;

import java.util.OptionalLong;

/** Numbers in requests, which Redis takes only in the one way in which it would write them. */
final class Numbers {
  private Numbers() {}

  /** Empty if {@code text} is no number of 64 bits with sign, or has a sign or zeros too many. */
  static OptionalLong parse(String text) {
    try {
      long number = Long.parseLong(text);
      return Long.toString(number).equals(text) ? OptionalLong.of(number) : OptionalLong.empty();
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }
}
