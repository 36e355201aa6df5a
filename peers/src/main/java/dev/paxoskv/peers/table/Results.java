package dev.paxoskv.peers.table;

import dev.paxoskv.peers.table.Comparison.Turns;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * The whole output, as markdown.
 *
 * @param how the run was made, a line each
 * @param missing systems that were not there, and the line that installs them
 */
public record Results(
    Comparison comparison, Optional<Failover> failover, List<String> how, List<String> missing) {
  private static final List<String> HEADING = List.of(
      "load",
      "system",
      "ours / it",
      "ops/s",
      "p50 ms",
      "p99 ms",
      "p99.9 ms",
      "CPU us: client",
      "servers",
      "compilers",
      "flushes",
      "idle",
      "other",
      "errors");

  /** The targets, the floors, and every row. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>(how);
    missing.forEach(each -> lines.add("- not measured: " + each));
    lines.add("");
    lines.addAll(targets());
    lines.add("");
    lines.addAll(Markdown.table(systems()));
    lines.add("");
    lines.add(
        "Medians of the rounds, in brackets the least and the most. CPU is for each operation,"
            + " without the compilers' threads, which stand beside it.");
    lines.add("Flushes: of the disk, for each operation; below 1 with one in flight a system would"
        + " not sync before it answers.");
    lines.add(
        "Idle: cores that the systems took whose turn it was not. Other: cores that everything"
            + " else took, the kernel included.");
    return lines;
  }

  private List<String> targets() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("target", "measured", "wanted", "", "remark"));
    for (Target target : new Targets(comparison, failover).all()) {
      rows.add(target.line());
    }
    rows.add(floor("floor: a Netty echo there and back, p50 ms", Cell.ECHO));
    rows.add(floor("floor: 4 KiB written and synced, p50 ms", Cell.SYNC));
    return Markdown.table(rows);
  }

  private List<String> floor(String what, String system) {
    String p50 =
        comparison.figure(system, Cell.PUT_1, Row::p50).map(Figure::text).orElse("-");
    return List.of(what, p50, "", "", "");
  }

  private List<List<String>> systems() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEADING);
    for (Cell cell : Cell.values()) {
      for (String system : comparison.systems()) {
        if (!comparison.rows(system, cell).isEmpty()) {
          rows.add(row(system, cell));
        }
      }
    }
    return rows;
  }

  private List<String> row(String system, Cell cell) {
    long failed = comparison.rows(system, cell).stream().mapToLong(Row::failed).sum();
    return List.of(
        cell.title(),
        system,
        comparison
            .ratio(new Turns(Cell.OURS, cell), new Turns(system, cell), Row::throughput)
            .map(Figure::text)
            .orElse("-"),
        text(system, cell, Row::throughput),
        text(system, cell, Row::p50),
        text(system, cell, Row::p99),
        text(system, cell, Row::p999),
        text(system, cell, Row::clientMicros),
        text(system, cell, Row::serverMicros),
        text(system, cell, Row::compilerMicros),
        text(system, cell, row -> row.each(Row.FLUSHES)),
        text(system, cell, Row::idleCores),
        text(system, cell, Row::otherCores),
        Long.toString(failed));
  }

  private String text(String system, Cell cell, ToDoubleFunction<Row> part) {
    return comparison.figure(system, cell, part).map(Figure::text).orElse("-");
  }

  /** Throughput against p99 of each system, as SVG. */
  public String svg() {
    return new Plot(comparison).svg();
  }
}
