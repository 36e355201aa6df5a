package dev.paxoskv.server.door.admin;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Optional;

/**
 * Everything that is counted, as text for Prometheus. The store's own numbers are copied on the
 * protocol thread, which takes as long as reading a few hundred fields; the rest is done here.
 */
final class Metrics implements AutoCloseable {
  static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final StoreMetrics store;
  private Optional<Exposition> exposition = Optional.empty();

  /** The text, and what the JVM counts. */
  private static final class Exposition implements AutoCloseable {
    final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    final JvmGcMetrics collections = new JvmGcMetrics();
    MetricSnapshots latest = new MetricSnapshots();

    Exposition() {
      new JvmMemoryMetrics().bindTo(registry);
      collections.bindTo(registry);
      new JvmThreadMetrics().bindTo(registry);
      new ProcessorMetrics().bindTo(registry);
      new UptimeMetrics().bindTo(registry);
      if (ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider buffers) {
        Gauge.builder("paxoskv.netty.direct.bytes", buffers, b -> b.metric().usedDirectMemory())
            .description("Memory outside the heap that buffers of the network take")
            .register(registry);
      }
      MultiCollector collector = () -> latest;
      registry.getPrometheusRegistry().register(collector);
    }

    @Override
    public void close() {
      collections.close();
      registry.close();
    }
  }

  Metrics(Inside inside) {
    this.store = new StoreMetrics(inside);
  }

  /** Copies what the store counts. Protocol thread only. */
  MetricSnapshots sample() {
    return store.sample();
  }

  /**
   * The text, with {@code sample} in it. On one thread only. What makes it is made when somebody
   * asks first, as that takes a tenth of a start; collections are counted from then on.
   */
  String text(MetricSnapshots sample) {
    if (exposition.isEmpty()) {
      exposition = Optional.of(new Exposition());
    }
    exposition.get().latest = sample;
    return exposition.get().registry.scrape(TYPE);
  }

  /** On the same thread, or after it. */
  @Override
  public void close() {
    exposition.ifPresent(Exposition::close);
  }
}
