/**
 * The roles of Paxos over the words of {@code protocol}: {@code Acceptor}, {@code Proposer},
 * {@code Learner}, and {@code Replica}, which joins them into the library's six verbs. A role reads
 * its own state and its arguments and writes to the {@code Outbox}; it never performs an effect
 * itself. {@code host.Host} does that.
 */
package dev.paxoskv.paxos.protocol.roles;
