package dev.paxoskv.peers.table;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code scripts/failover} found.
 *
 * @param kills of leaders under load
 * @param gapMillis 99 of 100 gaps without a completed put were no longer
 * @param timeoutMillis the election timeout
 */
public record Failover(int kills, double gapMillis, double timeoutMillis) {
  private static final Pattern KILLS = Pattern.compile("(\\d+) kills");
  private static final Pattern P99 = Pattern.compile("p99 ([0-9.]+) ms");
  private static final Pattern TIMEOUT = Pattern.compile("election timeout ([0-9.]+) ms");

  /** Finds the three numbers in its output; empty if it did not come so far. */
  public static Optional<Failover> parse(String output) {
    Matcher kills = KILLS.matcher(output);
    Matcher p99 = P99.matcher(output);
    Matcher timeout = TIMEOUT.matcher(output);
    return kills.find() && p99.find() && timeout.find()
        ? Optional.of(new Failover(
            Integer.parseInt(kills.group(1)),
            Double.parseDouble(p99.group(1)),
            Double.parseDouble(timeout.group(1))))
        : Optional.empty();
  }

  Figure ratio() {
    double ratio = gapMillis / timeoutMillis;
    return new Figure(ratio, ratio, ratio);
  }
}
