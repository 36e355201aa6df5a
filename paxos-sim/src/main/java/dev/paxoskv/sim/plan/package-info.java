/**
 * Runs as data. A seed gives a {@code Plan}: options and timed events, which can be printed, read
 * back, cut down and run again. {@code PlanRun} runs one under all checkers, {@code Shrinker} finds
 * the smallest that still fails, {@code SimMain} is the command behind {@code scripts/sim}.
 */
@NullMarked
package dev.paxoskv.sim.plan;

import org.jspecify.annotations.NullMarked;
