/**
 * Bytes on a connection: the preamble, frames with a maximum length, and the translation between
 * the wire's generated types and the protocol's words. Used by peers, servers and clients.
 */
@NullMarked
package dev.paxoskv.paxos.net.wire;

import org.jspecify.annotations.NullMarked;
