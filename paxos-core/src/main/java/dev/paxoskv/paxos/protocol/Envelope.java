package dev.paxoskv.paxos.protocol;

/**
 * What travels between two peers: one message, and with it, at no extra cost, the sender's done
 * mark and how far its journal is durable.
 *
 * @param done highest argument the sender's application gave to {@code done}, or -1
 * @param durable highest position of the sender's journal that a crash would leave; 0 for a peer in
 *     memory. Who comes back with less than it told has lost what it said
 * @param message the message
 */
public record Envelope(long done, long durable, Message message) {

  /** From a peer in memory. */
  public Envelope(long done, Message message) {
    this(done, 0, message);
  }
}
