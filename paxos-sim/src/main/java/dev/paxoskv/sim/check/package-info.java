/**
 * What must hold in every run, one file per rule. The checkers see all peers at once and forget
 * nothing: they judge the protocol from outside, by its messages, its durable records and its
 * answers.
 */
@NullMarked
package dev.paxoskv.sim.check;

import org.jspecify.annotations.NullMarked;
