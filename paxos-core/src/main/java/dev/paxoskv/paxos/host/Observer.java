package dev.paxoskv.paxos.host;

import dev.paxoskv.paxos.protocol.Message;
import dev.paxoskv.paxos.protocol.Value;

/**
 * Ears for counting and tracing; has no influence. Called on the protocol thread; must not block.
 */
public interface Observer {

  /** Hears nothing. */
  Observer NONE = new Observer() {};

  /** A request from another peer has arrived and is about to be handled. */
  default void requested(int from, Message.Request request) {}

  /** A request that asks for a vote was dropped, as this peer may not vote yet. */
  default void unanswered(int from, Message.Request request) {}

  /** This peer has learnt a decision. */
  default void decided(long seq, Value value) {}
}
