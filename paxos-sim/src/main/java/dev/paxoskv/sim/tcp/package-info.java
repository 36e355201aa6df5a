/** Faults for peers that talk over real TCP in one JVM: loss, cuts, deaf peers, partitions. */
@NullMarked
package dev.paxoskv.sim.tcp;

import org.jspecify.annotations.NullMarked;
