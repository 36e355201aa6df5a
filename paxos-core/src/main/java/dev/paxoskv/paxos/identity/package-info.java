/**
 * Whose data directory this is: drawn once, kept in two copies, and raised at each start before
 * anything is said.
 */
@NullMarked
package dev.paxoskv.paxos.identity;

import org.jspecify.annotations.NullMarked;
