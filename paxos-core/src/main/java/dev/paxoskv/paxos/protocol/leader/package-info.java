/**
 * Who proposes for all. An optimisation: {@code Leadership} spares phase one, {@code Election} says
 * who should have it. Take both away, and every peer proposes for itself, in two phases, as it
 * always may. Nothing here is durable; the acceptors' promises are all that safety rests on.
 */
package dev.paxoskv.paxos.protocol.leader;
