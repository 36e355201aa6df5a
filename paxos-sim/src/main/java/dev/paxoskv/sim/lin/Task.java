package dev.paxoskv.sim.lin;

/**
 * A call to be placed in the order.
 *
 * @param isRead it changes nothing
 * @param from its place is not before this time
 * @param by its place is not after this time
 * @param isOptional it may have no place at all
 * @param behind the index of a task that has its place before, or {@link #NOTHING}
 */
record Task(boolean isRead, long from, long by, boolean isOptional, int behind) {
  static final int NOTHING = -1;
}
