/**
 * Between the door and the log: admits commands, joins them into batches, proposes each batch in
 * the next free instance until its commands are applied, and settles holes. Runs on the protocol
 * thread; free of Netty, clocks and dice of its own, so that it can be simulated.
 */
@NullMarked
package dev.paxoskv.server.service;

import org.jspecify.annotations.NullMarked;
