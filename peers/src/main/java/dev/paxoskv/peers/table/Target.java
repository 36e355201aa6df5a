package dev.paxoskv.peers.table;

import java.util.List;
import java.util.Optional;

/**
 * Something that is wanted, and what there is.
 *
 * @param wanted the bound
 * @param isMost whether the bound is the most that is allowed, rather than the least
 * @param figure empty if it was not measured
 * @param remark how it was measured, or why it was not
 */
record Target(String what, double wanted, boolean isMost, Optional<Figure> figure, String remark) {

  static Target most(String what, double wanted, Optional<Figure> figure, String remark) {
    return new Target(what, wanted, true, figure, remark);
  }

  static Target least(String what, double wanted, Optional<Figure> figure, String remark) {
    return new Target(what, wanted, false, figure, remark);
  }

  /** The median decides. */
  boolean isMet() {
    return figure
        .map(found -> isMost ? found.median() <= wanted : found.median() >= wanted)
        .orElse(false);
  }

  List<String> line() {
    String verdict = figure.isEmpty() ? "not measured" : isMet() ? "met" : "**missed**";
    return List.of(
        what,
        figure.map(Figure::text).orElse("-"),
        (isMost ? "<= " : ">= ") + bound(),
        verdict,
        remark);
  }

  private String bound() {
    return wanted == Math.rint(wanted) ? Long.toString((long) wanted) : Double.toString(wanted);
  }
}
