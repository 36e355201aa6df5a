package dev.paxoskv.peers;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The table: ratios first, as only they hold on another day.
 *
 * @param rows of each system, one for each load, in the same order; the first system is us
 */
record Results(Map<String, List<Row>> rows) {
  private static final String HEADING = "  C     system      ops ratio  CPU ratio  p99 ratio"
      + " |      ops/s   p50 ms   p99 ms p99.9 ms | CPU us/op: all client servers"
      + " | msgs/op syncs/op | errors";

  /** The row with the median throughput. */
  static Row median(List<Row> rows) {
    return rows.stream()
        .sorted(Comparator.comparingDouble(Row::throughput))
        .skip(rows.size() / 2)
        .findFirst()
        .orElseThrow();
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("ratio: how many times as good we are; ops ours/theirs, CPU and p99 theirs/ours");
    lines.add(HEADING);
    List<Row> ours = rows.values().iterator().next();
    for (int i = 0; i < ours.size(); i++) {
      for (Map.Entry<String, List<Row>> system : rows.entrySet()) {
        lines.add(line(system.getKey(), system.getValue().get(i), ours.get(i)));
      }
    }
    return lines;
  }

  private static String line(String name, Row row, Row ours) {
    return String.format(
        Locale.ROOT,
        "%5d  %-10s  %9.2f  %9.2f  %9.2f | %10.0f %8.2f %8.2f %8.2f | %14.1f %6.1f %7.1f"
            + " | %7s %8s | %d",
        row.inFlight(),
        name,
        ours.throughput() / row.throughput(),
        row.micros() / ours.micros(),
        row.p99() / ours.p99(),
        row.throughput(),
        row.p50(),
        row.p99(),
        row.p999(),
        row.micros(),
        row.clientMicros(),
        row.serverMicros(),
        counted(row, "messages"),
        counted(row, "syncs"),
        row.failed());
  }

  private static String counted(Row row, String what) {
    Double each = row.counted().get(what);
    return each == null ? "-" : String.format(Locale.ROOT, "%.4f", each);
  }
}
