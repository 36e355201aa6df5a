package dev.paxoskv.server.sim;

import dev.paxoskv.paxos.protocol.Message;
import dev.paxoskv.paxos.protocol.Talk.Pull;
import java.util.TreeMap;
import java.util.TreeSet;

/** Counts the rare moments of snapshots that servers give each other. */
final class TransferTally {
  private record Asked(int source, Pull pull) {}

  private final DiskTally tally;
  private final TreeMap<Integer, Asked> asked = new TreeMap<>();
  private final TreeSet<Integer> receiving = new TreeSet<>();

  TransferTally(DiskTally tally) {
    this.tally = tally;
  }

  /** A request has arrived at {@code source}. */
  void requested(int taker, int source, Message message) {
    if (message instanceof Pull pull) {
      Asked before = asked.put(taker, new Asked(source, pull));
      boolean isAgain = before != null && pull.offset() > 0 && before.pull().equals(pull);
      if (isAgain) {
        boolean isOther = before.source() != source;
        tally.count(isOther ? "snapshots gone on with another" : "snapshot pieces asked again");
      }
    }
  }

  void received(int taker) {
    receiving.add(taker);
  }

  void adopted(int taker) {
    receiving.remove(taker);
    tally.count("snapshots adopted");
  }

  /** A life of the server is over. */
  void ended(int taker) {
    tally.add("stopped while receiving", receiving.remove(taker) ? 1 : 0);
    asked.remove(taker);
  }
}
