package dev.paxoskv.client.bench;

import com.google.gson.JsonObject;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/**
 * How a store answered over some time. Not to be changed.
 *
 * @param seconds how long that was
 * @param micros latencies of the operations that succeeded, in microseconds
 * @param errors how many failed, by kind
 */
public record Report(double seconds, Histogram micros, Map<String, Long> errors) {

  /** Copies the map. */
  public Report {
    errors = Map.copyOf(new TreeMap<>(errors));
  }

  /** How many operations succeeded. */
  public long operations() {
    return micros.getTotalCount();
  }

  /** Operations a second that succeeded. */
  public double throughput() {
    return seconds > 0 ? operations() / seconds : 0;
  }

  /** How many operations failed. */
  public long failed() {
    return errors.values().stream().mapToLong(Long::longValue).sum();
  }

  /** The latency in milliseconds that {@code percent} of the operations kept to. */
  public double millis(double percent) {
    return micros.getValueAtPercentile(percent) / 1e3;
  }

  /** One line, for while it goes on. */
  public String line(long second) {
    return String.format(
        Locale.ROOT,
        "%4d s %9.0f/s  p50 %.3f  p99 %.3f  p99.9 %.3f ms  errors %d",
        second,
        throughput(),
        millis(50),
        millis(99),
        millis(99.9),
        failed());
  }

  /** A few lines for people. */
  public String text() {
    String kinds = sorted().entrySet().stream()
        .map(kind -> ", " + kind.getKey() + " " + kind.getValue())
        .collect(Collectors.joining());
    return String.format(
        Locale.ROOT,
        """
        operations %d in %.1f s
        throughput %.0f/s
        latency    p50 %.3f  p99 %.3f  p99.9 %.3f  most %.3f ms
        errors     %d%s""",
        operations(),
        seconds,
        throughput(),
        millis(50),
        millis(99),
        millis(99.9),
        millis(100),
        failed(),
        kinds);
  }

  /** The same for programs. */
  public JsonObject json() {
    JsonObject latency = new JsonObject();
    latency.addProperty("p50", millis(50));
    latency.addProperty("p99", millis(99));
    latency.addProperty("p99.9", millis(99.9));
    latency.addProperty("max", millis(100));
    JsonObject kinds = new JsonObject();
    sorted().forEach(kinds::addProperty);
    JsonObject object = new JsonObject();
    object.addProperty("operations", operations());
    object.addProperty("seconds", seconds);
    object.addProperty("throughput", throughput());
    object.add("latencyMillis", latency);
    object.add("errors", kinds);
    return object;
  }

  /** The names of {@link #row}'s columns. */
  public static String heading() {
    return "second,operations,throughput,p50_ms,p99_ms,p999_ms,errors";
  }

  /** One row of a table with commas. */
  public String row(long second) {
    return String.format(
        Locale.ROOT,
        "%d,%d,%.1f,%.3f,%.3f,%.3f,%d",
        second,
        operations(),
        throughput(),
        millis(50),
        millis(99),
        millis(99.9),
        failed());
  }

  private TreeMap<String, Long> sorted() {
    return new TreeMap<>(errors);
  }
}
