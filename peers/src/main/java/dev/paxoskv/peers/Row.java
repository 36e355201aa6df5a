package dev.paxoskv.peers;

import com.google.gson.Gson;
import java.util.Map;

/**
 * What one turn of one system came to.
 *
 * @param inFlight operations at the same time
 * @param throughput operations a second
 * @param clientMicros CPU time of the client for each operation
 * @param serverMicros CPU time of all servers for each operation
 * @param counted what the servers counted, for each operation
 * @param errors operations that failed, by kind
 */
record Row(
    int inFlight,
    double throughput,
    double p50,
    double p99,
    double p999,
    double clientMicros,
    double serverMicros,
    Map<String, Double> counted,
    Map<String, Long> errors) {

  private static final Gson GSON = new Gson();

  double micros() {
    return clientMicros + serverMicros;
  }

  long failed() {
    return errors.values().stream().mapToLong(Long::longValue).sum();
  }

  String line() {
    return GSON.toJson(this);
  }
}
