/**
 * The words of Paxos: ballots, values, votes, messages, durable records, and what {@code status}
 * says. Everything here is an immutable value made of JDK types. The roles that act on these words
 * live in {@code protocol.roles}; both packages are free of threads, clocks, dice and input or
 * output, and the build checks that.
 */
package dev.paxoskv.paxos.protocol;
