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
 * @param expected what a compare-and-set needs to find; empty if that there is no value, and for
 *     all other calls
 * @param value what a write brought, or what a read found; empty if the read found no value, and
 *     for a delete
 * @param outcome what the client was told
 */
public record Call(
    long invoked,
    long returned,
    String client,
    Kind kind,
    String key,
    Optional<String> expected,
    Optional<String> value,
    Outcome outcome) {

  /** The call has not come back. */
  public static final long OPEN = Long.MAX_VALUE;

  private static final String EMPTY = "\"\"";

  /** Stands for no value; encoded text has no such sign. */
  private static final String ABSENT = "!";

  /** What can be asked of a key. */
  public enum Kind {
    /** The value replaces what was there. */
    PUT,
    /** The value goes to the end of what was there, or is the first. */
    APPEND,
    /** What is there? */
    GET,
    /** The value replaces what was there, if that is what was expected. */
    CAS,
    /** There is no value any more. */
    DELETE
  }

  /** What a client may learn of its call. */
  public enum Outcome {
    /** It took effect once, between the call and the return. */
    APPLIED,
    /** A conditional write had its turn, and changed nothing: what it needs was not there. */
    UNMET,
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
    boolean hasValue = kind != Kind.GET && kind != Kind.DELETE;
    if (hasValue && value.isEmpty()) {
      throw new IllegalArgumentException("a write without a value");
    }
    if (outcome == Outcome.UNMET && kind != Kind.CAS && kind != Kind.DELETE) {
      throw new IllegalArgumentException("a condition of a call that has none");
    }
  }

  /** Whether it changes nothing. */
  public boolean isRead() {
    return kind == Kind.GET || outcome == Outcome.UNMET;
  }

  /** Whether what it does depends on what is there, so that it tells something of that. */
  boolean isConditional() {
    return kind == Kind.CAS || kind == Kind.DELETE;
  }

  /** Whether nothing can be concluded from this call: it saw nothing and did nothing. */
  boolean saysNothing() {
    return outcome == Outcome.NOT_APPLIED || (isRead() && outcome == Outcome.UNKNOWN);
  }

  /** What was known of this call at {@code time}, at or after it was made. */
  Call asOf(long time) {
    return returned <= time
        ? this
        : new Call(invoked, OPEN, client, kind, key, expected, value, Outcome.UNKNOWN);
  }

  /** One line, which {@link #parse} reads again: {@code 4..9 c2 get k found x}. */
  @Override
  public String toString() {
    String span = invoked + ".." + (returned == OPEN ? "open" : returned);
    String call = span + " " + client + " " + lower(kind) + " " + encode(key);
    String said = lower(outcome);
    return switch (kind) {
      case GET -> call + " " + (outcome == Outcome.APPLIED ? seen() : said);
      case DELETE -> call + " " + said;
      case CAS ->
        call + " " + expected.map(Call::encode).orElse(ABSENT) + " " + brought() + " " + said;
      case PUT, APPEND -> call + " " + brought() + " " + said;
    };
  }

  private String seen() {
    return value.map(found -> "found " + encode(found)).orElse("missing");
  }

  private String brought() {
    return encode(value.orElseThrow());
  }

  /** Reads what {@link #toString} wrote. */
  public static Call parse(String line) {
    String[] words = line.strip().split(" +", -1);
    String[] span = words[0].split("\\.\\.", -1);
    if (words.length < 5 || span.length != 2) {
      throw new IllegalArgumentException("not a call: " + line);
    }
    Kind kind = Kind.valueOf(words[2].toUpperCase(Locale.ROOT));
    // Where what was brought or found stands, and what the client was told; 0: nowhere.
    int valueAt = 0;
    int saidAt = 4;
    switch (kind) {
      case GET -> valueAt = words.length > 5 ? 5 : 0;
      case PUT, APPEND -> {
        valueAt = words.length > 5 ? 4 : 0;
        saidAt = words.length > 5 ? 5 : 4;
      }
      case CAS -> {
        valueAt = 5;
        saidAt = 6;
      }
      case DELETE -> {}
    }
    boolean isExpecting = kind == Kind.CAS && !words[4].equals(ABSENT);
    return new Call(
        Long.parseLong(span[0]),
        span[1].equals("open") ? OPEN : Long.parseLong(span[1]),
        words[1],
        kind,
        decode(words[3]),
        isExpecting ? Optional.of(decode(words[4])) : Optional.empty(),
        valueAt > 0 ? Optional.of(decode(words[valueAt])) : Optional.empty(),
        outcome(words[saidAt]));
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
