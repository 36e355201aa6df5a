/**
 * Every order of events of a small group, over the real roles.
 * {@link dev.paxoskv.sim.explore.Explorer} walks through all states that a
 * {@link dev.paxoskv.sim.explore.Scenario} allows, checks each, and writes the shortest way to a
 * bad one as a golden script.
 */
@NullMarked
package dev.paxoskv.sim.explore;

import org.jspecify.annotations.NullMarked;
