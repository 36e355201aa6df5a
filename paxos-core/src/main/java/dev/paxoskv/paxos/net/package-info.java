/**
 * The edge to the network: one listening port for peers and clients, one dialled connection to each
 * other peer, frames with a maximum length, and the translation between wire and protocol words.
 * Everything here runs on the event loop that is also the protocol thread.
 */
@NullMarked
package dev.paxoskv.paxos.net;

import org.jspecify.annotations.NullMarked;
