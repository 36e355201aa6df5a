package dev.paxoskv.server.door.redis;

import java.util.Arrays;

/**
 * A pattern of Redis's: {@code *} is any bytes, {@code ?} any one, {@code [a-c]} one of some,
 * {@code [^a]} one of all others, and a backslash takes what follows as it is.
 */
final class Glob {
  private final byte[] pattern;

  Glob(byte[] pattern) {
    this.pattern = pattern;
  }

  /** What every match begins with. */
  byte[] prefix() {
    int end = 0;
    while (end < pattern.length && "*?[\\".indexOf(pattern[end]) < 0) {
      end++;
    }
    return Arrays.copyOf(pattern, end);
  }

  /** Takes time in proportion to both lengths at most, whatever the pattern. */
  boolean matches(byte[] text) {
    int at = 0;
    int in = 0;
    int star = -1;
    int starIn = 0;
    while (in < text.length) {
      int next = at < pattern.length && pattern[at] != '*' ? step(at, text[in]) : -1;
      if (next >= 0) {
        at = next;
        in++;
      } else if (at < pattern.length && pattern[at] == '*') {
        star = at++;
        starIn = in;
      } else if (star >= 0) {
        // The last star takes one byte more; those before it need not.
        at = star + 1;
        in = ++starIn;
      } else {
        return false;
      }
    }
    while (at < pattern.length && pattern[at] == '*') {
      at++;
    }
    return at == pattern.length;
  }

  /** Where the pattern goes on if what is at {@code at} takes {@code one}; -1 if it does not. */
  private int step(int at, byte one) {
    return switch (pattern[at]) {
      case '?' -> at + 1;
      case '[' -> stepOverSet(at + 1, one);
      case '\\' -> {
        int taken = at + 1 < pattern.length ? at + 1 : at;
        yield pattern[taken] == one ? taken + 1 : -1;
      }
      default -> pattern[at] == one ? at + 1 : -1;
    };
  }

  private int stepOverSet(int first, byte one) {
    boolean isOthers = first < pattern.length && pattern[first] == '^';
    int at = isOthers ? first + 1 : first;
    boolean isIn = false;
    while (at < pattern.length && pattern[at] != ']') {
      if (pattern[at] == '\\' && at + 1 < pattern.length) {
        isIn |= pattern[at + 1] == one;
        at += 2;
      } else if (at + 2 < pattern.length && pattern[at + 1] == '-') {
        isIn |= isBetween(pattern[at] & 0xff, one & 0xff, pattern[at + 2] & 0xff);
        at += 3;
      } else {
        isIn |= pattern[at] == one;
        at++;
      }
    }
    // A set without an end goes to the end of the pattern.
    int next = Math.min(at + 1, pattern.length);
    return isIn == isOthers ? -1 : next;
  }

  private static boolean isBetween(int one, int found, int other) {
    return Math.min(one, other) <= found && found <= Math.max(one, other);
  }
}
