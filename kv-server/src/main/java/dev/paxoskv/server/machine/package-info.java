/**
 * The replicated state: keys and values, sessions, and the hash that tells two replicas apart.
 * Everything here depends on the applied values alone, never on a clock, on dice, or on which
 * server it runs in.
 */
@NullMarked
package dev.paxoskv.server.machine;

import org.jspecify.annotations.NullMarked;
