package dev.paxoskv.server.sim;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Compares the state of all servers wherever they have applied equally far, at every apply. */
final class Watch {
  private record First(int server, long hash) {}

  private final String run;
  private final Map<Long, First> firsts = new HashMap<>();
  private final Set<Integer> spoilt = new HashSet<>();
  private long compared;

  Watch(String run) {
    this.run = run;
  }

  /** The state of this server is meant to be another from now on. */
  void spoilt(int server) {
    spoilt.add(server);
  }

  void applied(int server, long seq, long hash) {
    if (spoilt.contains(server)) {
      return;
    }
    First first = firsts.putIfAbsent(seq, new First(server, hash));
    if (first == null) {
      return;
    }
    compared++;
    if (first.hash() != hash) {
      throw new AssertionError(run + ": after instance " + seq + " server " + first.server()
          + " has state " + Long.toHexString(first.hash()) + ", server " + server + " has "
          + Long.toHexString(hash));
    }
  }

  /** How many pairs of states were found equal. */
  long compared() {
    return compared;
  }
}
