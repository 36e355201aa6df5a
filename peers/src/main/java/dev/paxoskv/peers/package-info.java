/**
 * The systems that are compared, each behind {@link dev.paxoskv.peers.Peer}, and the process that
 * puts load on one of them. {@code lead} says when, {@code table} what came of it.
 */
@org.jspecify.annotations.NullMarked
package dev.paxoskv.peers;
