package dev.paxoskv.server.sim;

import dev.paxoskv.sim.lin.Move;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * A request of a client of the Redis door, and what the replies to it tell.
 *
 * @param text of which text it tells something: a key, or two that are always written together
 * @param parts the request
 * @param open what it may do if nobody knows; empty for a read
 * @param told what it has done, by the reply
 */
record RedisAsk(String text, List<String> parts, Optional<Deed> open, Function<String, Deed> told) {
  private static final Predicate<Optional<String>> ABSENT = Optional::isEmpty;
  private static final Predicate<Optional<String>> PRESENT = Optional::isPresent;

  /** What was found, and what it was changed to; empty: nothing was changed. */
  record Deed(Predicate<Optional<String>> fits, Optional<UnaryOperator<Optional<String>>> change) {
    static Deed look(Predicate<Optional<String>> fits) {
      return new Deed(fits, Optional.empty());
    }

    static Deed set(Predicate<Optional<String>> fits, String value) {
      return new Deed(fits, Optional.of(text -> Optional.of(value)));
    }

    static Deed remove(Predicate<Optional<String>> fits) {
      return new Deed(fits, Optional.of(text -> Optional.empty()));
    }
  }

  String encoded() {
    StringBuilder request = new StringBuilder("*" + parts.size() + "\r\n");
    parts.forEach(part ->
        request.append('$').append(part.length()).append("\r\n").append(part).append("\r\n"));
    return request.toString();
  }

  /**
   * What is known of it now; empty if nothing can be concluded.
   *
   * @throws AssertionError if no such reply may come
   */
  Optional<Move> after(String reply, Move.Span span) {
    if (reply.startsWith("-TRYAGAIN not applied: ")
        || reply.startsWith("-CLUSTERDOWN not applied: ")) {
      return Optional.empty();
    }
    if (reply.startsWith("-UNKNOWN outcome unknown: ") && open.isPresent()) {
      return unanswered(span);
    }
    if (reply.startsWith("-")) {
      throw new AssertionError(this + " got " + reply);
    }
    return Optional.of(move(told.apply(reply), span, reply));
  }

  /** The same, if no reply will come. */
  Optional<Move> unanswered(Move.Span span) {
    return open.map(deed -> move(deed, span.open(), "nobody knows"));
  }

  private Move move(Deed deed, Move.Span span, String reply) {
    return new Move(span, deed.fits, deed.change, this + " -> " + reply);
  }

  @Override
  public String toString() {
    return String.join(" ", parts);
  }

  static RedisAsk get(String key) {
    return read(key, List.of("GET", key), reply -> is(value(reply)));
  }

  static RedisAsk length(String key) {
    return read(key, List.of("STRLEN", key), reply -> hasLength(0, n -> n == number(reply)));
  }

  static RedisAsk exists(String key) {
    return read(key, List.of("EXISTS", key), reply -> number(reply) == 1 ? PRESENT : ABSENT);
  }

  static RedisAsk set(String key, String value) {
    return write(key, List.of("SET", key, value), Deed.set(RedisAsk::any, value), reply -> {
      expect(reply.equals("+OK"), reply);
      return Deed.set(RedisAsk::any, value);
    });
  }

  static RedisAsk setIfAbsent(String key, String value) {
    return write(
        key,
        List.of("SET", key, value, "NX"),
        Deed.set(ABSENT, value),
        reply -> reply.equals("+OK") ? Deed.set(ABSENT, value) : unmet(reply, PRESENT));
  }

  static RedisAsk setIfPresent(String key, String value) {
    return write(
        key,
        List.of("SET", key, value, "XX"),
        Deed.set(PRESENT, value),
        reply -> reply.equals("+OK") ? Deed.set(PRESENT, value) : unmet(reply, ABSENT));
  }

  private static Deed unmet(String reply, Predicate<Optional<String>> found) {
    expect(reply.equals("nil"), reply);
    return Deed.look(found);
  }

  /** As old clients do it. */
  static RedisAsk swapOfOld(String key, String value) {
    return write(
        key,
        List.of("GETSET", key, value),
        Deed.set(RedisAsk::any, value),
        reply -> Deed.set(is(value(reply)), value));
  }

  static RedisAsk swap(String key, String value) {
    return write(
        key,
        List.of("SET", key, value, "GET"),
        Deed.set(RedisAsk::any, value),
        reply -> Deed.set(is(value(reply)), value));
  }

  static RedisAsk swapIfAbsent(String key, String value) {
    return write(key, List.of("SET", key, value, "NX", "GET"), Deed.set(ABSENT, value), reply -> {
      Optional<String> old = value(reply);
      return old.isPresent() ? Deed.look(is(old)) : Deed.set(ABSENT, value);
    });
  }

  static RedisAsk swapIfPresent(String key, String value) {
    return write(key, List.of("SET", key, value, "XX", "GET"), Deed.set(PRESENT, value), reply -> {
      Optional<String> old = value(reply);
      return old.isPresent() ? Deed.set(is(old), value) : Deed.look(ABSENT);
    });
  }

  static RedisAsk append(String key, String value) {
    UnaryOperator<Optional<String>> longer = text -> Optional.of(text.orElse("") + value);
    return write(
        key,
        List.of("APPEND", key, value),
        new Deed(RedisAsk::any, Optional.of(longer)),
        reply -> new Deed(hasLength(value.length(), n -> n == number(reply)), Optional.of(longer)));
  }

  static RedisAsk delete(String key) {
    return write(
        key,
        List.of("DEL", key),
        Deed.remove(RedisAsk::any),
        reply -> number(reply) == 1 ? Deed.remove(PRESENT) : Deed.look(ABSENT));
  }

  static RedisAsk add(String key, long more) {
    UnaryOperator<Optional<String>> sum = text -> Optional.of("" + sum(text, more));
    List<String> parts =
        more == 1 ? List.of("INCR", key) : List.of("INCRBY", key, String.valueOf(more));
    return write(
        key,
        parts,
        new Deed(RedisAsk::any, Optional.of(sum)),
        reply -> new Deed(text -> sum(text, more) == number(reply), Optional.of(sum)));
  }

  private static long sum(Optional<String> text, long more) {
    return text.map(Long::parseLong).orElse(0L) + more;
  }

  /** Two keys get one value. */
  static RedisAsk setBoth(String pair, String value) {
    return write(
        pair,
        List.of("MSET", pair + "a", value, pair + "b", value),
        Deed.set(RedisAsk::any, value),
        reply -> {
          expect(reply.equals("+OK"), reply);
          return Deed.set(RedisAsk::any, value);
        });
  }

  static RedisAsk getBoth(String pair) {
    return read(pair, List.of("MGET", pair + "a", pair + "b"), reply -> {
      String[] values = reply.substring(1, reply.length() - 1).split(" ", -1);
      expect(values.length == 2 && values[0].equals(values[1]), "seen apart: " + reply);
      return is(value(values[0]));
    });
  }

  static RedisAsk deleteBoth(String pair) {
    return write(
        pair, List.of("DEL", pair + "a", pair + "b"), Deed.remove(RedisAsk::any), reply -> {
          expect(number(reply) != 1, "deleted apart: " + reply);
          return number(reply) == 2 ? Deed.remove(PRESENT) : Deed.look(ABSENT);
        });
  }

  static RedisAsk countBoth(String pair) {
    return read(pair, List.of("EXISTS", pair + "a", pair + "b"), reply -> {
      expect(number(reply) != 1, "there apart: " + reply);
      return number(reply) == 2 ? PRESENT : ABSENT;
    });
  }

  /** One of two keys that are always written together. */
  static RedisAsk getHalf(String pair, String half) {
    return read(pair, List.of("GET", pair + half), reply -> is(value(reply)));
  }

  private static RedisAsk read(
      String text, List<String> parts, Function<String, Predicate<Optional<String>>> found) {
    return new RedisAsk(text, parts, Optional.empty(), found.andThen(Deed::look));
  }

  private static RedisAsk write(
      String text, List<String> parts, Deed open, Function<String, Deed> told) {
    return new RedisAsk(text, parts, Optional.of(open), told);
  }

  private static boolean any(Optional<String> text) {
    return true;
  }

  private static Predicate<Optional<String>> is(Optional<String> value) {
    return text -> text.equals(value);
  }

  private static Predicate<Optional<String>> hasLength(int more, IntPredicate fits) {
    return text -> fits.test(text.orElse("").length() + more);
  }

  private static Optional<String> value(String reply) {
    expect(reply.equals("nil") || reply.startsWith("\""), reply);
    return reply.equals("nil")
        ? Optional.empty()
        : Optional.of(reply.substring(1, reply.length() - 1));
  }

  private static long number(String reply) {
    expect(reply.startsWith(":"), reply);
    return Long.parseLong(reply.substring(1));
  }

  private static void expect(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError("no such reply may come: " + otherwise);
    }
  }
}
