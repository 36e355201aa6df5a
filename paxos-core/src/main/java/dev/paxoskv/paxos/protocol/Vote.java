package dev.paxoskv.paxos.protocol;

/**
 * What an acceptor has accepted in one instance: the seed's (n_a, v_a).
 *
 * @param ballot under which the value was accepted
 * @param value what was accepted
 */
public record Vote(Ballot ballot, Value value) {}
