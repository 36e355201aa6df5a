/** Peers that a person moves by hand, to see what Paxos does. */
@NullMarked
package dev.paxoskv.sim.play;

import org.jspecify.annotations.NullMarked;
