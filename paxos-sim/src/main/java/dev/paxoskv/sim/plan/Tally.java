package dev.paxoskv.sim.plan;

import dev.paxoskv.sim.reach.Reach;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The sum of many runs. */
final class Tally {
  private static final double MICROS_PER_HOUR = 3.6e9;

  private final Reach reach = new Reach();
  private final Map<String, Long> faults = new TreeMap<>();
  private final long beganNanos = System.nanoTime();
  private long seeds;
  private long events;
  private long micros;
  private long decisions;

  void add(Outcome outcome) {
    seeds++;
    events += outcome.events();
    micros += outcome.micros();
    decisions += outcome.decisions();
    reach.add(outcome.reach());
    outcome.faults().forEach((kind, times) -> faults.merge(kind, times, Long::sum));
  }

  Reach reach() {
    return reach;
  }

  double seconds() {
    return (System.nanoTime() - beganNanos) / 1e9;
  }

  /** One line for whoever waits. */
  String line() {
    double hours = micros / MICROS_PER_HOUR;
    double seconds = seconds();
    return String.format(
        Locale.ROOT,
        "%d seeds in %.1f s (%.0f/s), %.2f cluster-hours (%.2f per minute), %d instances decided,"
            + " %.0f events/s",
        seeds,
        seconds,
        seeds / seconds,
        hours,
        hours * 60 / seconds,
        decisions,
        events / seconds);
  }

  /** Everything. */
  String report() {
    StringBuilder report = new StringBuilder();
    report.append(line()).append("\nfaults:\n");
    faults.forEach(
        (kind, times) -> report.append(String.format(Locale.ROOT, "%12d  %s%n", times, kind)));
    return report.append("rare states reached:\n").append(reach.table()).toString();
  }
}
