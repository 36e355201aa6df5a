/**
 * The client of the store. {@link dev.paxoskv.client.KvClient} is where to begin. Below it one
 * event loop thread owns everything that changes: {@code Operations} knows what is unfinished and
 * how much each operation was exposed, {@code Failover} keeps one connection to some server,
 * {@code ServerRing} says which server is next, and when to see whether the first serves again.
 */
@NullMarked
package dev.paxoskv.client;

import org.jspecify.annotations.NullMarked;
