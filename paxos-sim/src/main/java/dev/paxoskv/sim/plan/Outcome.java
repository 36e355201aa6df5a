package dev.paxoskv.sim.plan;

import dev.paxoskv.sim.reach.Reach;
import java.util.Map;
import java.util.Optional;

/**
 * What has become of one run.
 *
 * @param failure what was wrong, if anything was
 * @param traceHash equal runs have equal hashes
 * @param micros how much virtual time has passed
 * @param events how many things have happened in it
 * @param decisions how many instances were decided
 * @param faults how often each kind of fault occurred, to messages and to peers
 * @param reach the rare states the run was in
 */
public record Outcome(
    Optional<Failure> failure,
    long traceHash,
    long micros,
    long events,
    int decisions,
    Map<String, Long> faults,
    Reach reach) {

  /**
   * A broken rule.
   *
   * @param rule its short name; two failures are alike if these are equal
   * @param message what was seen
   * @param atMicros when
   */
  public record Failure(String rule, String message, long atMicros) {}
}
