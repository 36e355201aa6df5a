/**
 * Who may take part: which member holds which index, how far each has told that its memory reaches,
 * and whether this peer may vote yet. A peer whose memory was lost or put back must not vote again
 * under its old name, as it could contradict itself.
 */
package dev.paxoskv.paxos.protocol.members;
