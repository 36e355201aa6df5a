package dev.paxoskv.paxos.protocol;

import dev.paxoskv.paxos.protocol.Talk.News;
import java.util.Optional;

/**
 * What travels between two peers: one message, and with it, at no extra cost, the sender's done
 * mark, how far its journal is durable, and what a leader has decided.
 *
 * @param done highest argument the sender's application gave to {@code done}, or -1
 * @param durable highest position of the sender's journal that a crash would leave; 0 for a peer in
 *     memory. Who comes back with less than it told has lost what it said
 * @param message the message
 * @param news only with a request
 */
public record Envelope(long done, long durable, Message message, Optional<News> news) {

  /** Without news. */
  public Envelope(long done, long durable, Message message) {
    this(done, durable, message, Optional.empty());
  }

  /** From a peer in memory. */
  public Envelope(long done, Message message) {
    this(done, 0, message);
  }
}
