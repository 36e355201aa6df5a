/** How a peer that the others have forgotten instances for gets a snapshot instead. */
@NullMarked
package dev.paxoskv.paxos.protocol.transfer;

import org.jspecify.annotations.NullMarked;
