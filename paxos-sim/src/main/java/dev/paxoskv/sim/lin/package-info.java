/**
 * Judges whether what clients of a key-value store saw could have come from one copy of the data
 * that handles one call at a time. A {@code Recorder} or a saved text gives the {@code History},
 * the {@code LinearizabilityChecker} gives the {@code Verdict}. Knows nothing of Paxos.
 */
@NullMarked
package dev.paxoskv.sim.lin;

import org.jspecify.annotations.NullMarked;
