/**
 * What the log looks like on the disk: a record's outside and inside, and the head of a segment.
 */
@org.jspecify.annotations.NullMarked
package dev.paxoskv.paxos.journal.format;
