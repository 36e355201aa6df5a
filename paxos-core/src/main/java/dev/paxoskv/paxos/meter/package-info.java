/** What is counted while a peer runs, at next to no cost, for whoever looks at it from outside. */
@NullMarked
package dev.paxoskv.paxos.meter;

import org.jspecify.annotations.NullMarked;
