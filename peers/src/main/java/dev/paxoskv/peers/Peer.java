package dev.paxoskv.peers;

import dev.paxoskv.client.bench.Target;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** A system that can be put under load. Implementations have a constructor without arguments. */
interface Peer {

  /** Connects; the connections together are to spread the load as the system's users would. */
  List<? extends Target> connect(List<String> servers) throws Exception;

  /** Connects so many times; the caller closes them. */
  default List<? extends Target> connect(List<String> servers, int connections) throws Exception {
    throw new UnsupportedOperationException("only with the connections that it has");
  }

  /**
   * What the servers have counted since their start, summed up, by the names that {@code Row} has
   * for it; nothing if they do not tell.
   *
   * @param pids of the servers, in their order
   */
  default Map<String, Long> counted(List<Long> pids) throws IOException {
    return Map.of();
  }
}
