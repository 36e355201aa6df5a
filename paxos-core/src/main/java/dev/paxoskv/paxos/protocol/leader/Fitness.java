package dev.paxoskv.paxos.protocol.leader;

/**
 * What this peer is good for at the moment.
 *
 * @param mayLead whether it may vote, and its disk keeps up and has room
 * @param takesWork whether its disk has room for more votes, and is not stuck; the others are told
 */
public record Fitness(boolean mayLead, boolean takesWork) {
  static final Fitness GOOD = new Fitness(true, true);
}
