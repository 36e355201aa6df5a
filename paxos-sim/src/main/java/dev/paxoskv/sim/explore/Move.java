package dev.paxoskv.sim.explore;

import java.util.List;

/**
 * One step of one peer.
 *
 * @param peer who takes it
 * @param kind what happens to it
 * @param arg which start, instance or message; 0 where there is no choice
 */
record Move(int peer, Kind kind, int arg) {

  enum Kind {
    /** Its application starts the instance with this number among the scenario's starts. */
    START,
    /** A message arrives, for the first time or again. */
    DELIVER,
    /** It hears that a message it sent did not get through. */
    FAIL,
    /** Time passes until it does something. */
    TIMEOUT,
    /** Its disk is done with all it was given. */
    SYNC,
    /** Its application is done with this instance. */
    DONE,
    /** It stops for ever. */
    CRASH
  }

  private static final List<Kind> KINDS = List.of(Kind.values());

  /** All of it in one number. */
  int code() {
    return (arg * KINDS.size() + KINDS.indexOf(kind)) * 8 + peer;
  }

  static Move of(int code) {
    int rest = code / 8;
    return new Move(code % 8, KINDS.get(rest % KINDS.size()), rest / KINDS.size());
  }
}
