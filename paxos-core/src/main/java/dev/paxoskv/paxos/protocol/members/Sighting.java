package dev.paxoskv.paxos.protocol.members;

import dev.paxoskv.paxos.protocol.Member;

/**
 * What one peer tells another about a third, so that a lost memory is noticed by whoever meets it
 * first.
 *
 * @param peer index of the third
 * @param member its newest life that was met; the boot id is empty if that is not remembered
 * @param durable the furthest that it told of its journal
 */
public record Sighting(int peer, Member member, long durable) {}
