/**
 * PaxosKV's library. {@link dev.paxoskv.paxos.Paxos} is the handle an application holds: make,
 * start, status, done, max, min. Everything below it runs on one event loop per peer.
 */
@NullMarked
package dev.paxoskv.paxos;

import org.jspecify.annotations.NullMarked;
