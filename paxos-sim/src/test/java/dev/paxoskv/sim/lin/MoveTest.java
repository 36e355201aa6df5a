package dev.paxoskv.sim.lin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.sim.lin.Move.Span;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Calls that the judge is told of by what they do. */
class MoveTest {
  @Test
  void aCounterCountsEachOnce() {
    assertThat(judge(count(0, 1, 1), count(2, 3, 2), found(4, 5, 2))).isEqualTo(Verdict.Kind.LEGAL);
    assertThat(judge(count(0, 1, 1), count(2, 3, 1))).isEqualTo(Verdict.Kind.ILLEGAL);
  }

  @Test
  void oneThatDidNotComeBackMayHaveHappenedOrNot() {
    Move open = add(new Span(0, Call.OPEN, Move.ALONE));
    assertThat(judge(open, count(1, 2, 1), found(3, 4, 1))).isEqualTo(Verdict.Kind.LEGAL);
    assertThat(judge(open, count(1, 2, 2))).isEqualTo(Verdict.Kind.LEGAL);
    assertThat(judge(open, count(1, 2, 1), found(3, 4, 2))).isEqualTo(Verdict.Kind.LEGAL);
    assertThat(judge(open, count(1, 2, 1), found(3, 4, 3))).isEqualTo(Verdict.Kind.ILLEGAL);
  }

  @Test
  void whatSharesALineKeepsItsOrder() {
    List<Move> apart = List.of(look(0, 8, Move.ALONE, 1), add(new Span(1, 9, Move.ALONE)));
    List<Move> inOneLine = List.of(look(0, 8, 5, 1), add(new Span(1, 9, 5)));
    assertThat(new LinearizabilityChecker().judge(apart)).isEqualTo(Verdict.Kind.LEGAL);
    assertThat(new LinearizabilityChecker().judge(inOneLine)).isEqualTo(Verdict.Kind.ILLEGAL);
  }

  @Test
  void whatNobodyKnowsOfHoldsUpNothingInItsLine() {
    Move open = add(new Span(0, Call.OPEN, 5));
    assertThat(judge(open, look(1, 2, 5, 0), found(3, 4, 1))).isEqualTo(Verdict.Kind.LEGAL);
  }

  private static Verdict.Kind judge(Move... moves) {
    return new LinearizabilityChecker().judge(List.of(moves));
  }

  private static long number(Optional<String> text) {
    return text.map(Long::parseLong).orElse(0L);
  }

  private static Move add(Span span) {
    return new Move(
        span, text -> true, Optional.of(text -> Optional.of("" + (number(text) + 1))), "add");
  }

  private static Move count(long invoked, long returned, long told) {
    Move add = add(new Span(invoked, returned, Move.ALONE));
    return new Move(add.span(), text -> number(text) + 1 == told, add.change(), "add " + told);
  }

  private static Move found(long invoked, long returned, long value) {
    return look(invoked, returned, Move.ALONE, value);
  }

  private static Move look(long invoked, long returned, long line, long value) {
    Span span = new Span(invoked, returned, line);
    return new Move(span, text -> number(text) == value, Optional.empty(), "found " + value);
  }
}
