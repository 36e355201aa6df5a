package dev.paxoskv.peers.table;

import dev.paxoskv.peers.table.Comparison.Turns;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * What is wanted of the store, beside what was measured: ratios first, as only they hold on another
 * day.
 *
 * @param failover how long clients waited when leaders were killed
 */
record Targets(Comparison comparison, Optional<Failover> failover) {
  private static final int BATCH = 64;

  List<Target> all() {
    List<Target> all = new ArrayList<>();
    all.addAll(throughput());
    all.addAll(latency());
    all.addAll(reads());
    all.addAll(processor());
    all.addAll(counts());
    all.add(gap());
    return all;
  }

  private List<Target> throughput() {
    return List.of(
        times(Cell.PUT_1024, Cell.ETCD, 25),
        times(Cell.PUT_1024, Cell.ZOOKEEPER, 15),
        times(Cell.PUT_1024, Cell.JRAFT, 8),
        times(Cell.PUT_64, Cell.ETCD, 12),
        times(Cell.PUT_64, Cell.ZOOKEEPER, 7),
        times(Cell.KIB_1024, Cell.ETCD, 12),
        Target.least(
            "put, 1024: throughput of five servers / three",
            0.6,
            comparison.ratio(
                new Turns(Cell.FIVE, Cell.PUT_1024), ours(Cell.PUT_1024), Row::throughput),
            ""));
  }

  private Target times(Cell cell, String other, double wanted) {
    return Target.least(
        cell.title() + ": throughput / " + other,
        wanted,
        comparison.ratio(ours(cell), new Turns(other, cell), Row::throughput),
        rates(ours(cell), new Turns(other, cell)));
  }

  private String rates(Turns above, Turns below) {
    return rate(above) + " / " + rate(below) + " a second";
  }

  private String rate(Turns turns) {
    return comparison
        .figure(turns.system(), turns.cell(), Row::throughput)
        .map(figure -> Figure.number(figure.median()))
        .orElse("-");
  }

  private List<Target> latency() {
    return List.of(
        shorter(Cell.ETCD, 0.3),
        shorter(Cell.ZOOKEEPER, 0.6),
        Target.most(
            "put, 256: p99 / p50",
            3,
            comparison.figure(Cell.OURS, Cell.PUT_256, row -> row.p99() / row.p50()),
            "on a quiet machine"));
  }

  private Target shorter(String other, double wanted) {
    return Target.most(
        "put, 1 in flight: p50 / " + other,
        wanted,
        comparison.ratio(ours(Cell.PUT_1), new Turns(other, Cell.PUT_1), Row::p50),
        millis(Cell.OURS) + " / " + millis(other) + " ms");
  }

  private String millis(String system) {
    return comparison
        .figure(system, Cell.PUT_1, Row::p50)
        .map(figure -> Figure.number(figure.median()))
        .orElse("-");
  }

  private List<Target> reads() {
    Turns gets = ours(Cell.GET_1024);
    Turns theirs = new Turns(Cell.ETCD, Cell.GET_1024);
    return List.of(
        Target.least(
            "linearizable get at any server, 1024: throughput / etcd",
            30,
            comparison.ratio(gets, theirs, Row::throughput),
            rates(gets, theirs)),
        Target.least(
            "linearizable get at any server, 1024: throughput / own put",
            1.5,
            comparison.ratio(gets, ours(Cell.PUT_1024), Row::throughput),
            rates(gets, ours(Cell.PUT_1024))));
  }

  private List<Target> processor() {
    return List.of(
        cpu(Cell.PUT_1024, 8),
        cpu(Cell.PUT_256, 15),
        cpu(Cell.PUT_64, 25),
        cpu(Cell.PUT_1, 400),
        cpu(Cell.KIB_1024, 25),
        cpu(Cell.ALONE_256, 70));
  }

  private Target cpu(Cell cell, double wanted) {
    String compilers = comparison
        .figure(Cell.OURS, cell, Row::compilerMicros)
        .map(figure -> "and the compilers " + Figure.number(figure.median()))
        .orElse("");
    return Target.most(
        cell.title() + ": CPU, client and three servers, us",
        wanted,
        comparison.figure(Cell.OURS, cell, Row::micros),
        compilers);
  }

  private List<Target> counts() {
    Cell nearest = nearest();
    String batch = comparison
        .figure(Cell.OURS, nearest, Row::batch)
        .map(figure -> "from batches of " + Figure.number(figure.median()))
        .orElse("");
    return List.of(
        Target.most(
            "server messages a put, batches of 64", 0.07, at64(nearest, Row.MESSAGES), batch),
        Target.most(
            "syncs a put, batches of 64, all servers", 0.05, at64(nearest, Row.SYNCS), batch),
        bytes("the leader", Row.LEADER_BYTES),
        bytes("a follower", Row.FOLLOWER_BYTES));
  }

  /** The load whose batches come nearest to what is asked about. */
  private Cell nearest() {
    Cell nearest = Cell.PUT_192;
    for (Cell cell : List.of(Cell.PUT_64, Cell.PUT_256)) {
      nearest = distance(cell) < distance(nearest) ? cell : nearest;
    }
    return nearest;
  }

  private double distance(Cell cell) {
    return comparison
        .figure(Cell.OURS, cell, Row::batch)
        .map(figure -> Math.abs(Math.log(figure.median() / BATCH)))
        .orElse(Double.MAX_VALUE);
  }

  /** An instance costs the same whatever is in it: that of one, by as many puts. */
  private Optional<Figure> at64(Cell cell, String what) {
    return comparison.figure(Cell.OURS, cell, row -> row.each(what) * row.batch() / BATCH);
  }

  private Target bytes(String where, String what) {
    String at64 = comparison
        .figure(Cell.OURS, Cell.PUT_64, row -> row.each(what))
        .map(figure -> "with 64 in flight " + Figure.number(figure.median()))
        .orElse("");
    ToDoubleFunction<Row> each = row -> row.each(what);
    return Target.most(
        "put, 1024: bytes allocated on " + where,
        400,
        comparison.figure(Cell.OURS, Cell.PUT_1024, each),
        at64);
  }

  private Target gap() {
    return Target.most(
        "leader killed under load: p99 of the gap / election timeout",
        4,
        failover.map(Failover::ratio),
        failover
            .map(found -> String.format(
                Locale.ROOT,
                "%d kills; gap %.0f ms, timeout %.0f ms",
                found.kills(),
                found.gapMillis(),
                found.timeoutMillis()))
            .orElse("scripts/failover was not run"));
  }

  private static Turns ours(Cell cell) {
    return new Turns(Cell.OURS, cell);
  }
}
