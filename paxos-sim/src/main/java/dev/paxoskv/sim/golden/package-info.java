/**
 * Peers moved by hand: real hosts, roles and codec, and nothing happens that was not asked for. No
 * clock runs, no message arrives, no disk is done, until a command says so.
 * {@link dev.paxoskv.sim.golden.GoldenScript} reads such commands from a text and writes below each
 * what came of it; the scripts in the folder {@code golden}, read in order, teach Paxos.
 */
@NullMarked
package dev.paxoskv.sim.golden;

import org.jspecify.annotations.NullMarked;
