/** What a peer has learnt and does not hold in memory. */
@NullMarked
package dev.paxoskv.paxos.protocol.history;

import org.jspecify.annotations.NullMarked;
