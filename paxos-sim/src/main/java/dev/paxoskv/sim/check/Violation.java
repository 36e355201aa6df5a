package dev.paxoskv.sim.check;

/** A rule is broken. The run stops; its seed repeats it. */
public final class Violation extends AssertionError {
  private static final long serialVersionUID = 1L;

  private final String rule;

  /**
   * A broken rule.
   *
   * @param rule its short name
   * @param facts what was seen
   */
  public Violation(String rule, String facts) {
    super(rule + ": " + facts);
    this.rule = rule;
  }

  public String rule() {
    return rule;
  }
}
