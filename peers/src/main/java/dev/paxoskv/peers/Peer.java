package dev.paxoskv.peers;

import dev.paxoskv.client.bench.Target;
import java.util.List;
import java.util.Map;

/** A system that can be put under load. Implementations have a constructor without arguments. */
interface Peer {

  /** Connects; the connections together are to spread the load as the system's users would. */
  List<? extends Target> connect(List<String> servers) throws Exception;

  /** What the servers have counted since their start, summed up; empty if they do not tell. */
  default Map<String, Long> counted() {
    return Map.of();
  }
}
