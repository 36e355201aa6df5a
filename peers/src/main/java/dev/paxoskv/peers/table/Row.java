package dev.paxoskv.peers.table;

import com.google.gson.Gson;
import java.util.Map;

/**
 * What one turn of one system came to.
 *
 * @param throughput operations a second
 * @param p50 latency in milliseconds that half of the operations kept to; p99, p999 alike
 * @param clientMicros CPU time of the client for each operation, without compilers
 * @param serverMicros CPU time of all servers for each operation, without compilers
 * @param compilerMicros CPU time of the compilers' threads in all of these
 * @param idleCores cores that the systems took whose turn it was not
 * @param otherCores cores that everything else on the machine took, the kernel's own work included
 * @param counted for each operation: what the servers counted, and flushes of the disk
 * @param errors operations that failed, by kind
 */
public record Row(
    double throughput,
    double p50,
    double p99,
    double p999,
    double clientMicros,
    double serverMicros,
    double compilerMicros,
    double idleCores,
    double otherCores,
    Map<String, Double> counted,
    Map<String, Long> errors) {

  /** Names of what is counted. */
  public static final String MESSAGES = "messages";

  public static final String SYNCS = "syncs";
  public static final String INSTANCES = "instances";
  public static final String LEADER_BYTES = "leader bytes";
  public static final String FOLLOWER_BYTES = "follower bytes";
  public static final String FLUSHES = "flushes";

  private static final Gson GSON = new Gson();

  /** Reads what {@link #line} wrote. */
  public static Row parse(String line) {
    return GSON.fromJson(line, Row.class);
  }

  public String line() {
    return GSON.toJson(this);
  }

  double micros() {
    return clientMicros + serverMicros;
  }

  /** What was counted under that name for each operation; not a number if it was not. */
  double each(String what) {
    return counted.getOrDefault(what, Double.NaN);
  }

  /** Commands in an instance, on the average. */
  double batch() {
    return 1 / each(INSTANCES);
  }

  long failed() {
    return errors.values().stream().mapToLong(Long::longValue).sum();
  }
}
