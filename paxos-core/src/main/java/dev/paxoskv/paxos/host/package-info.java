/**
 * Performs the effects of the roles in the one legal order, through three ports: {@code Transport},
 * {@code Journal}, {@code StateMachine}. Pure like the roles: production and the simulator run this
 * same {@code Host} and differ only in what they put behind the ports.
 */
package dev.paxoskv.paxos.host;
