/** The store beside others, under the same load: one process for each client, one that leads. */
@org.jspecify.annotations.NullMarked
package dev.paxoskv.peers;
