package dev.paxoskv.server.sim.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.server.sim.history.History.Kind;
import dev.paxoskv.server.sim.history.History.Op;
import dev.paxoskv.server.sim.history.History.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Histories with a known verdict; {@code (a)} is what write a brings. */
class KeyCheckTest {
  private final List<Op> ops = new ArrayList<>();

  @Test
  void oneAfterTheOther() {
    add(Kind.PUT, "(a)", 0, 1, Outcome.DONE);
    add(Kind.APPEND, "(b)", 2, 3, Outcome.DONE);
    add(Kind.GET, "(a)(b)", 4, 5, Outcome.DONE);
    assertLegal();
  }

  @Test
  void atTheSameTimeInEitherOrder() {
    add(Kind.APPEND, "(a)", 0, 9, Outcome.DONE);
    add(Kind.APPEND, "(b)", 0, 9, Outcome.DONE);
    add(Kind.GET, "(b)(a)", 10, 11, Outcome.DONE);
    assertLegal();
  }

  @Test
  void aStaleReadIsIllegal() {
    add(Kind.PUT, "(a)", 0, 1, Outcome.DONE);
    add(Kind.PUT, "(b)", 2, 3, Outcome.DONE);
    add(Kind.GET, "(a)", 4, 5, Outcome.DONE);
    assertIllegal();
  }

  @Test
  void aReadThatGoesBackIsIllegal() {
    add(Kind.PUT, "(a)", 0, 1, Outcome.DONE);
    add(Kind.PUT, "(b)", 2, 20, Outcome.DONE);
    add(Kind.GET, "(b)", 4, 5, Outcome.DONE);
    add(Kind.GET, "(a)", 6, 7, Outcome.DONE);
    assertIllegal();
  }

  @Test
  void aLostWriteIsIllegalAndAHiddenOneIsNot() {
    add(Kind.PUT, "(a)", 0, 1, Outcome.DONE);
    add(Kind.APPEND, "(b)", 2, 3, Outcome.DONE);
    add(Kind.PUT, "(c)", 4, 9, Outcome.DONE);
    add(Kind.GET, "(c)", 10, 11, Outcome.DONE);
    assertLegal();
    add(Kind.APPEND, "(d)", 12, 13, Outcome.DONE);
    add(Kind.GET, "(c)", 14, 15, Outcome.DONE);
    assertIllegal();
  }

  @Test
  void twiceIsIllegal() {
    add(Kind.APPEND, "(a)", 0, 1, Outcome.DONE);
    add(Kind.GET, "(a)(a)", 2, 3, Outcome.DONE);
    assertIllegal();
  }

  @Test
  void whatWasNotAppliedIsNeverSeen() {
    add(Kind.APPEND, "(a)", 0, 1, Outcome.NOT_APPLIED);
    add(Kind.GET, "", 2, 3, Outcome.DONE);
    assertLegal();
    add(Kind.GET, "(a)", 4, 5, Outcome.DONE);
    assertIllegal();
  }

  @Test
  void whatIsUnknownHappensLateOrNever() {
    add(Kind.APPEND, "(a)", 0, 1, Outcome.UNKNOWN);
    add(Kind.APPEND, "(b)", 0, 1, Outcome.UNKNOWN);
    add(Kind.GET, "", 2, 3, Outcome.DONE);
    add(Kind.GET, "(a)", 4, 5, Outcome.DONE);
    assertLegal();
    add(Kind.GET, "", 6, 7, Outcome.DONE);
    assertIllegal();
  }

  @Test
  void nothingIsSeenBeforeItIsWritten() {
    add(Kind.GET, "(a)", 0, 1, Outcome.DONE);
    add(Kind.PUT, "(a)", 2, 3, Outcome.DONE);
    assertIllegal();
  }

  @Test
  void whatNobodyWroteIsIllegal() {
    add(Kind.PUT, "(a)", 0, 1, Outcome.DONE);
    add(Kind.GET, "(a)b", 2, 3, Outcome.DONE);
    assertIllegal();
  }

  private void add(Kind kind, String text, long invoked, long returned, Outcome outcome) {
    Op op = new Op(0, "k", kind, text, invoked);
    op.returnedMicros = returned;
    op.outcome = outcome;
    ops.add(op);
  }

  private void assertLegal() {
    assertThat(KeyCheck.faultOf(ops)).isEmpty();
  }

  private void assertIllegal() {
    assertThat(KeyCheck.faultOf(ops)).isPresent();
  }
}
