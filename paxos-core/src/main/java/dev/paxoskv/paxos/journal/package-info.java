/** What survives a crash: the journal, and the files beside it, over a port to one directory. */
@org.jspecify.annotations.NullMarked
package dev.paxoskv.paxos.journal;
