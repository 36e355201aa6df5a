package dev.paxoskv.server.machine;

import java.util.Optional;

/** What applying one command came to; the same at every replica. */
public sealed interface Result {

  /** The write has taken effect. */
  record Applied() implements Result {}

  /**
   * What a get found; empty if the key has no value. The array is the state's own and must not be
   * changed.
   */
  record Found(Optional<byte[]> value) implements Result {}

  /**
   * The command had no effect.
   *
   * @param isFinal whether no other copy of it can have one either: the session remembers the
   *     refusal
   */
  record Refused(String reason, boolean isFinal) implements Result {}

  Result APPLIED = new Applied();
}
