package dev.paxoskv.sim.lin;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * One call of a client, from when it was made to when it came back. Of two calls the first came
 * before the second only if it had returned at a smaller time than the second was made; equal times
 * mean that nobody knows, so a recorder gives no two events one time.
 *
 * @param invoked when it was made
 * @param returned when it came back, or {@link #OPEN}
 * @param client who made it; for people
 * @param kind what was asked
 * @param key about which key
 * @param value what a write brought, or what a read found; empty if the read found no value
 * @param outcome what the client was told
 */
public record Call(
    long invoked,
    long returned,
    String client,
    Kind kind,
    String key,
    Optional<String> value,
    Outcome outcome) {

  /** The call has not come back. */
  public static final long OPEN = Long.MAX_VALUE;

  private static final String EMPTY = "\"\"";

  /** What can be asked of a key. */
  public enum Kind {
    /** The value replaces what was there. */
    PUT,
    /** The value goes to the end of what was there, or is the first. */
    APPEND,
    /** Nothing is there any more. */
    DELETE,
    /** What is there? */
    GET
  }

  /** What a client may learn of its call. */
  public enum Outcome {
    /** It took effect once, between the call and the return. */
    APPLIED,
    /** It has had no effect and will have none. */
    NOT_APPLIED,
    /** It takes effect once at any time after the call, also after the return, or never. */
    UNKNOWN
  }

  public Call {
    if (invoked > returned) {
      throw new IllegalArgumentException("returned at " + returned + ", called at " + invoked);
    }
    if (returned == OPEN && outcome != Outcome.UNKNOWN) {
      throw new IllegalArgumentException("an outcome without a return");
    }
    if (brings(kind) && value.isEmpty()) {
      throw new IllegalArgumentException("a write without a value");
    }
  }

  private static boolean brings(Kind kind) {
    return kind == Kind.PUT || kind == Kind.APPEND;
  }

  public boolean isRead() {
    return kind == Kind.GET;
  }

  /** Whether nothing can be concluded from this call: it saw nothing and did nothing. */
  boolean saysNothing() {
    return outcome == Outcome.NOT_APPLIED || (isRead() && outcome == Outcome.UNKNOWN);
  }

  /** What was known of this call at {@code time}, at or after it was made. */
  Call asOf(long time) {
    return returned <= time
        ? this
        : new Call(invoked, OPEN, client, kind, key, value, Outcome.UNKNOWN);
  }

  /** One line, which {@link #parse} reads again: {@code 4..9 c2 get k found x}. */
  @Override
  public String toString() {
    String span = invoked + ".." + (returned == OPEN ? "open" : returned);
    String call = span + " " + client + " " + lower(kind) + " " + encode(key);
    String said = outcome == Outcome.APPLIED && isRead()
        ? value.map(v -> "found " + encode(v)).orElse("missing")
        : lower(outcome);
    return brings(kind) ? call + " " + encode(value.orElseThrow()) + " " + said : call + " " + said;
  }

  /** Reads what {@link #toString} wrote. */
  public static Call parse(String line) {
    String[] words = line.strip().split(" +", -1);
    String[] span = words[0].split("\\.\\.", -1);
    if (words.length < 5 || span.length != 2) {
      throw new IllegalArgumentException("not a call: " + line);
    }
    Kind kind = Kind.valueOf(words[2].toUpperCase(Locale.ROOT));
    boolean hasMore = words.length > 5;
    boolean isWrite = brings(kind);
    return new Call(
        Long.parseLong(span[0]),
        span[1].equals("open") ? OPEN : Long.parseLong(span[1]),
        words[1],
        kind,
        decode(words[3]),
        hasMore ? Optional.of(decode(words[isWrite ? 4 : 5])) : Optional.empty(),
        outcome(words[isWrite && hasMore ? 5 : 4]));
  }

  private static Outcome outcome(String word) {
    boolean isSight = word.equals("found") || word.equals("missing");
    return isSight
        ? Outcome.APPLIED
        : Outcome.valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String encode(String text) {
    return text.isEmpty() ? EMPTY : URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String decode(String word) {
    return word.equals(EMPTY) ? "" : URLDecoder.decode(word, StandardCharsets.UTF_8);
  }
}
