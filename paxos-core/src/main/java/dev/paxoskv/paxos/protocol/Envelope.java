package dev.paxoskv.paxos.protocol;

/**
 * What travels between two peers: one message, and with it, at no extra cost, the sender's done
 * mark.
 *
 * @param done highest argument the sender's application gave to {@code done}, or -1
 * @param message the message
 */
public record Envelope(long done, Message message) {}
