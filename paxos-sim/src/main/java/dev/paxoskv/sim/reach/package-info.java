/**
 * Which rare states the runs have been in: a run that never gets there tests nothing about them.
 */
@NullMarked
package dev.paxoskv.sim.reach;

import org.jspecify.annotations.NullMarked;
