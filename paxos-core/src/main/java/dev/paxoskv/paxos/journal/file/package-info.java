/** The journal's two ports for production: a directory of the file system, and a thread. */
@org.jspecify.annotations.NullMarked
package dev.paxoskv.paxos.journal.file;
