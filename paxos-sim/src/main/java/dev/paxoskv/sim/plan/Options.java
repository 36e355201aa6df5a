package dev.paxoskv.sim.plan;

import dev.paxoskv.paxos.protocol.Quorum.PeerSet;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

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
    return "seed=" + seed + " peers=" + peers + " mode=" + mode + " core=" + core.bits()
        + " storm=" + stormMicros + " calm=" + calmMicrosMax;
  }

  /** Reads what {@link #toString} writes. */
  static Options parse(String line) {
    Map<String, String> values = Arrays.stream(line.strip().split("\\s+"))
        .map(word -> word.split("=", 2))
        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1], (a, b) -> b, LinkedHashMap::new));
    try {
      return new Options(
          Long.parseLong(values.get("seed")),
          Integer.parseInt(values.get("peers")),
          Mode.valueOf(values.get("mode")),
          new PeerSet(Long.parseLong(values.get("core"))),
          Long.parseLong(values.get("storm")),
          Long.parseLong(values.get("calm")));
    } catch (RuntimeException e) {
      throw new IllegalArgumentException("not the options of a plan: " + line, e);
    }
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
