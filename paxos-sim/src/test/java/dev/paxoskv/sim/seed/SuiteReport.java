package dev.paxoskv.sim.seed;

import dev.paxoskv.sim.tcp.FaultPlan;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * Prints how long each test of the suite took, the total beside the original's, and on a failure
 * the seed that repeats its dice.
 */
final class SuiteReport
    implements BeforeTestExecutionCallback, AfterTestExecutionCallback, TestWatcher {
  private static final Namespace NAMESPACE = Namespace.create(SuiteReport.class);
  private static final double ORIGINAL_SECONDS = 59.5;

  /** Lives as long as the run; JUnit closes it at the end. */
  private static final class Total implements AutoCloseable {
    private final List<Double> seconds = new ArrayList<>();

    @Override
    public void close() {
      double sum = seconds.stream().mapToDouble(Double::doubleValue).sum();
      print("%d tests of the course's suite took %.1f s in all (original: %.1f s), seed %d"
          .formatted(seconds.size(), sum, ORIGINAL_SECONDS, FaultPlan.SEED));
    }
  }

  /** One line of the report. */
  static void print(String line) {
    System.out.println("[suite] " + line);
  }

  @Override
  public void beforeTestExecution(ExtensionContext context) {
    context.getStore(NAMESPACE).put(context.getUniqueId(), System.nanoTime());
  }

  @Override
  public void afterTestExecution(ExtensionContext context) {
    long start = context.getStore(NAMESPACE).get(context.getUniqueId(), Long.class);
    double seconds = (System.nanoTime() - start) / 1e9;
    context
        .getRoot()
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(Total.class, key -> new Total(), Total.class)
        .seconds
        .add(seconds);
    print("%-28s %5.1f s".formatted(context.getDisplayName(), seconds));
  }

  @Override
  public void testFailed(ExtensionContext context, Throwable cause) {
    print("%s failed; its dice again: -Dpaxoskv.seed=%d"
        .formatted(context.getDisplayName(), FaultPlan.SEED));
  }
}
