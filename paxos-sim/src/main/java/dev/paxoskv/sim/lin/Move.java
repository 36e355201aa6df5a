package dev.paxoskv.sim.lin;

import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * A call of any kind on one text, by what it makes of what it finds: for operations that
 * {@link Call} has no words for.
 *
 * @param span where its place is
 * @param fits whether it can have found this text and come to what its client was told; empty is no
 *     text
 * @param change what it leaves there; empty if it changes nothing
 * @param words says what was asked and told, for people
 */
public record Move(
    Span span,
    Predicate<Optional<String>> fits,
    Optional<UnaryOperator<Optional<String>>> change,
    String words) {

  /** The line of calls that have none. */
  public static final long ALONE = -1;

  /**
   * Times as those of a {@link Call}.
   *
   * @param invoked when the call was made
   * @param returned when it came back with word of what it did, or {@link Call#OPEN}: then it has
   *     its place at any time after it was made, or none
   * @param line of two calls of one line the first that was made has its place first, if it came
   *     back; {@link #ALONE} for none
   */
  public record Span(long invoked, long returned, long line) {
    /** The same, of a call that did not come back. */
    public Span open() {
      return new Span(invoked, Call.OPEN, line);
    }

    boolean isOpen() {
      return returned == Call.OPEN;
    }
  }

  /** What {@code call} does. */
  static Move of(Call call) {
    Span span = new Span(call.invoked(), call.returned(), ALONE);
    Optional<UnaryOperator<Optional<String>>> change = switch (call.kind()) {
      case GET -> Optional.empty();
      case APPEND ->
        Optional.of(text -> Optional.of(text.orElse("") + call.value().orElseThrow()));
      case PUT, CAS -> Optional.of(text -> call.value());
      case DELETE -> Optional.of(text -> Optional.empty());
    };
    return new Move(
        call.outcome() == Call.Outcome.UNKNOWN ? span.open() : span,
        fits(call),
        call.isRead() ? Optional.empty() : change,
        call.toString());
  }

  private static Predicate<Optional<String>> fits(Call call) {
    // A condition that nobody knows of may be met.
    boolean isMet = call.outcome() != Call.Outcome.UNMET;
    return switch (call.kind()) {
      case GET -> text -> text.equals(call.value());
      case CAS -> text -> text.equals(call.expected()) == isMet;
      case DELETE -> text -> text.isPresent() == isMet;
      case PUT, APPEND -> text -> true;
    };
  }

  @Override
  public String toString() {
    String line = span.line == ALONE ? "" : " line " + span.line;
    return span.invoked + ".." + (span.isOpen() ? "open" : span.returned) + line + " " + words;
  }
}
