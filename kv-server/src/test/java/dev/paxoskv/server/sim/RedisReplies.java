package dev.paxoskv.server.sim;

import java.util.Optional;
import java.util.StringJoiner;
import java.util.function.Consumer;

/**
 * Puts replies of Redis's protocol together: values in quotes, {@code nil} for none, lists in
 * brackets, all else as it came.
 */
final class RedisReplies {
  private final Consumer<String> listener;
  private String unread = "";
  private int at;

  RedisReplies(Consumer<String> listener) {
    this.listener = listener;
  }

  /** More has come; it may end anywhere. */
  void read(String text) {
    unread += text;
    Optional<String> reply = whole();
    while (reply.isPresent()) {
      listener.accept(reply.get());
      reply = whole();
    }
  }

  private Optional<String> whole() {
    at = 0;
    Optional<String> reply = next();
    if (reply.isPresent()) {
      unread = unread.substring(at);
    }
    return reply;
  }

  private Optional<String> next() {
    int end = unread.indexOf("\r\n", at);
    if (end < 0) {
      return Optional.empty();
    }
    String line = unread.substring(at, end);
    at = end + 2;
    return switch (line.charAt(0)) {
      case '$' -> bulk(Integer.parseInt(line.substring(1)));
      case '*' -> list(Integer.parseInt(line.substring(1)));
      default -> Optional.of(line);
    };
  }

  private Optional<String> bulk(int length) {
    if (length < 0) {
      return Optional.of("nil");
    }
    int from = at;
    at += length + 2;
    return at <= unread.length()
        ? Optional.of('"' + unread.substring(from, from + length) + '"')
        : Optional.empty();
  }

  private Optional<String> list(int count) {
    StringJoiner all = new StringJoiner(" ", "[", "]");
    for (int left = count; left > 0; left--) {
      Optional<String> part = next();
      if (part.isEmpty()) {
        return part;
      }
      all.add(part.get());
    }
    return Optional.of(all.toString());
  }
}
