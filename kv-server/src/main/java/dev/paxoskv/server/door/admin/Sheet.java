package dev.paxoskv.server.door.admin;

import dev.paxoskv.paxos.meter.Histogram;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Map;
import java.util.TreeMap;

/** Gathers numbers under their names. Labels come in pairs: a name, a value. */
final class Sheet {
  private final Map<String, CounterSnapshot.Builder> counters = new TreeMap<>();
  private final Map<String, GaugeSnapshot.Builder> gauges = new TreeMap<>();
  private final Map<String, HistogramSnapshot.Builder> histograms = new TreeMap<>();

  /** A number that only rises; the text gives its name the ending {@code _total}. */
  void counter(String name, String help, Number value, String... labels) {
    counters
        .computeIfAbsent(name, n -> CounterSnapshot.builder().name(n).help(help))
        .dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder()
            .value(value.doubleValue())
            .labels(Labels.of(labels))
            .build());
  }

  void gauge(String name, String help, Number value, String... labels) {
    gauges
        .computeIfAbsent(name, n -> GaugeSnapshot.builder().name(n).help(help))
        .dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder()
            .value(value.doubleValue())
            .labels(Labels.of(labels))
            .build());
  }

  /**
   * What a histogram holds.
   *
   * @param unit how many of the histogram's units make one of the text's
   */
  void histogram(String name, String help, Histogram from, double unit, String... labels) {
    double[] bounds = new double[from.buckets()];
    long[] counts = new long[from.buckets()];
    for (int bucket = 0; bucket < bounds.length; bucket++) {
      bounds[bucket] = from.upperBound(bucket) / unit;
      counts[bucket] = from.count(bucket);
    }
    histograms
        .computeIfAbsent(name, n -> HistogramSnapshot.builder().name(n).help(help))
        .dataPoint(HistogramSnapshot.HistogramDataPointSnapshot.builder()
            .classicHistogramBuckets(ClassicHistogramBuckets.of(bounds, counts))
            .sum(from.sum() / unit)
            .labels(Labels.of(labels))
            .build());
  }

  MetricSnapshots snapshots() {
    MetricSnapshots.Builder all = MetricSnapshots.builder();
    counters.values().forEach(each -> all.metricSnapshot(each.build()));
    gauges.values().forEach(each -> all.metricSnapshot(each.build()));
    histograms.values().forEach(each -> all.metricSnapshot(each.build()));
    return all.build();
  }
}
