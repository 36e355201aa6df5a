/**
 * A test kit: a whole group of peers in one thread, in virtual time, on a network that loses,
 * repeats, reorders and cuts as it is told. Everything between the network and the disk is what
 * production runs: host, roles, codec. One seed gives one run, to the last message; a failure is
 * repeated by running its seed again.
 */
@NullMarked
package dev.paxoskv.sim;

import org.jspecify.annotations.NullMarked;
