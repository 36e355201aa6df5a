/** Leads the clients of all systems through the same turns. The program is {@code PeerBench}. */
@org.jspecify.annotations.NullMarked
package dev.paxoskv.peers.lead;
