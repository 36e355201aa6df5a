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
  private static final Pattern KILLS = Pattern.compile("(?m)^kill \\d+: ");
  private static final Pattern P99 = Pattern.compile("p99 (\\d+) ms");
  private static final Pattern TIMEOUTS = Pattern.compile("four election timeouts are (\\d+) ms");
  private static final double FOUR = 4;

  /** Finds the numbers in its output; empty if it did not come so far. */
  public static Optional<Failover> parse(String output) {
    int kills = (int) KILLS.matcher(output).results().count();
    Matcher p99 = P99.matcher(output);
    Matcher timeouts = TIMEOUTS.matcher(output);
    return p99.find() && timeouts.find()
        ? Optional.of(new Failover(
            kills, Double.parseDouble(p99.group(1)), Double.parseDouble(timeouts.group(1)) / FOUR))
        : Optional.empty();
  }

  Figure ratio() {
    double ratio = gapMillis / timeoutMillis;
    return new Figure(ratio, ratio, ratio);
  }
}
