package dev.paxoskv.sim.plan;

import dev.paxoskv.paxos.protocol.Quorum.PeerSet;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a run is like as a whole. As text, one line of name=value.
 *
 * @param seed all chance of the network and of the peers comes from it
 * @param peers how many
 * @param mode what is asked of the group
 * @param core the peers that are healthy in the end, a majority; liveness is asked of these
 * @param stormMicros how long events happen
 * @param calmMicrosMax how long the group may then take to settle everything
 */
public record Options(
    long seed, int peers, Mode mode, PeerSet core, long stormMicros, long calmMicrosMax) {

  /** What is asked of a group. */
  public enum Mode {
    /** That nothing wrong happens, whatever is done to it; no progress. */
    SAFETY,
    /** Also that everything started is settled once the faults are over. */
    LIVENESS
  }

  /** One line. */
  @Override
  public String toString() {
    return "seed=" + seed + " peers=" + peers + " mode=" + mode + " core=" + core.bits() + " storm="
        + stormMicros + " calm=" + calmMicrosMax;
  }

  /** Reads what {@link #toString} writes. */
  static Options parse(String line) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String word : line.strip().split("\\s+", -1)) {
      int equals = word.indexOf('=');
      values.put(word.substring(0, Math.max(0, equals)), word.substring(equals + 1));
    }
    try {
      return new Options(
          number(values, "seed"),
          Math.toIntExact(number(values, "peers")),
          Mode.valueOf(values.getOrDefault("mode", "")),
          new PeerSet(number(values, "core")),
          number(values, "storm"),
          number(values, "calm"));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("not the options of a plan: " + line, e);
    }
  }

  private static long number(Map<String, String> values, String name) {
    return Long.parseLong(values.getOrDefault(name, ""));
  }

  /** The same in a smaller group: the peers from {@code fewer} on are gone. */
  Options withPeers(int fewer) {
    PeerSet left = new PeerSet(core.bits() & ((1L << fewer) - 1));
    return new Options(seed, fewer, mode, left, stormMicros, calmMicrosMax);
  }

  /** The same with a storm of another length. */
  Options withStorm(long micros) {
    return new Options(seed, peers, mode, core, micros, calmMicrosMax);
  }
}
