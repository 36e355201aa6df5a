package dev.paxoskv.sim.lin;

/**
 * A call to be placed in the order.
 *
 * @param call what it was
 * @param from its place is not before this time
 * @param by its place is not after this time
 * @param isOptional it may have no place at all
 */
record Task(Call call, long from, long by, boolean isOptional) {}
