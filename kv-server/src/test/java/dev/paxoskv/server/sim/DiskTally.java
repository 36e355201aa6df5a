package dev.paxoskv.server.sim;

import dev.paxoskv.paxos.protocol.Recovered;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How often servers of a run came back, and what they found on their disks. */
final class DiskTally {
  private final TreeMap<String, Long> counts = new TreeMap<>();
  private final TransferTally transfers = new TransferTally(this);

  TransferTally transfers() {
    return transfers;
  }

  void count(String what) {
    add(what, 1);
  }

  void add(String what, long times) {
    counts.merge(what, times, Long::sum);
  }

  /** A log was read. */
  void recovered(List<String> findings, Recovered recovered) {
    add(
        "torn tails cut",
        findings.stream().filter(f -> f.startsWith("torn tail")).count());
    add("rotten records", findings.stream().filter(f -> f.startsWith("rot")).count());
    add(
        "faulty instances",
        recovered.instances().values().stream()
            .filter(Recovered.Instance::isFaulty)
            .count());
  }

  /** A state was made. */
  void loaded(boolean isFromSnapshot) {
    add("snapshots loaded", isFromSnapshot ? 1 : 0);
  }

  long times(String what) {
    return counts.getOrDefault(what, 0L);
  }

  Map<String, Long> counts() {
    return counts;
  }
}
