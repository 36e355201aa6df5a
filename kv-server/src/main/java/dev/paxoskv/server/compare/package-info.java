/**
 * Whether the servers' states are the same: each says through the log, now and then, which state
 * hashes it had, and all compare.
 */
@NullMarked
package dev.paxoskv.server.compare;

import org.jspecify.annotations.NullMarked;
