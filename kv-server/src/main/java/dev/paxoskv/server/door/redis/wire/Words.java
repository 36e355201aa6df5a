package dev.paxoskv.server.door.redis.wire;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The words of a line that a person has typed, as Redis parts them: by blanks, but for those within
 * quotes. Within double quotes a backslash stands before a byte in hex ({@code \x0a}), before one
 * of {@code n r t b a}, or before a byte that is meant as it is; within single ones before those
 * only.
 */
final class Words {
  private final byte[] line;
  private int at;

  private Words(byte[] line) {
    this.line = line;
  }

  /** Empty if a quote has no second one, or what follows that is neither a blank nor the end. */
  static Optional<List<byte[]>> of(byte[] line) {
    return new Words(line).all();
  }

  private Optional<List<byte[]>> all() {
    List<byte[]> words = new ArrayList<>();
    skipBlanks();
    while (at < line.length) {
      Optional<byte[]> word = word();
      if (word.isEmpty()) {
        return Optional.empty();
      }
      words.add(word.get());
      skipBlanks();
    }
    return Optional.of(words);
  }

  private void skipBlanks() {
    while (at < line.length && isBlank(line[at])) {
      at++;
    }
  }

  private static boolean isBlank(byte one) {
    return one == ' ' || (one >= '\t' && one <= '\r');
  }

  /** Not every blank does, with Redis. */
  private static boolean endsWord(byte one) {
    return one == ' ' || one == '\t' || one == '\r';
  }

  private Optional<byte[]> word() {
    ByteArrayOutputStream word = new ByteArrayOutputStream();
    while (at < line.length && !endsWord(line[at])) {
      byte one = line[at++];
      if (one != '"' && one != '\'') {
        word.write(one);
      } else if (!quoted(word, one)) {
        return Optional.empty();
      }
    }
    return Optional.of(word.toByteArray());
  }

  /** Whether it ends as it should. */
  private boolean quoted(ByteArrayOutputStream word, byte quote) {
    while (at < line.length) {
      byte one = line[at++];
      if (one == quote) {
        return at == line.length || isBlank(line[at]);
      } else if (one == '\\' && at < line.length && (quote == '"' || line[at] == quote)) {
        word.write(quote == '"' ? escaped() : line[at++]);
      } else {
        word.write(one);
      }
    }
    return false;
  }

  private int escaped() {
    byte one = line[at++];
    if (one == 'x' && at + 1 < line.length && hex(at) >= 0 && hex(at + 1) >= 0) {
      at += 2;
      return hex(at - 2) * 16 + hex(at - 1);
    }
    return switch (one) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'b' -> '\b';
      case 'a' -> 0x07;
      default -> one;
    };
  }

  private int hex(int i) {
    return line[i] < 0 ? -1 : Character.digit(line[i], 16);
  }
}
