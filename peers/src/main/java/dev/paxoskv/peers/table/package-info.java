/** What was measured, against what is wanted. No clock, no processes: values in, text out. */
@org.jspecify.annotations.NullMarked
package dev.paxoskv.peers.table;
