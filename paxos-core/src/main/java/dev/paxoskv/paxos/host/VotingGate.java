package dev.paxoskv.paxos.host;

import dev.paxoskv.paxos.protocol.Message;
import dev.paxoskv.paxos.protocol.Talk;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.paxos.protocol.roles.Replica;
import java.util.TreeMap;

/**
 * Stands before a peer that may not vote, because others do not know it yet or its journal has no
 * room: questions for its vote are dropped, as if the peer were down, and what its own application
 * starts waits. News of decisions passes, as learning promises nothing; and without room, though
 * not while unknown, it tells how far it has accepted and gives its snapshots away, as all that is
 * kept.
 */
final class VotingGate {
  private final Replica replica;
  private final Journal journal;
  private final Observer observer;
  private final TreeMap<Long, Value> waiting = new TreeMap<>();
  private long waitingBytes;

  VotingGate(Replica replica, Journal journal, Observer observer) {
    this.replica = replica;
    this.journal = journal;
    this.observer = observer;
  }

  /** The first value given for an instance is the one that waits, as it would be the one driven. */
  void start(long seq, Value value) {
    if (mayVote()) {
      replica.start(seq, value);
    } else if (seq >= replica.floor() && waiting.putIfAbsent(seq, value) == null) {
      waitingBytes += value.size();
    }
  }

  /** Whether the peer may handle the request. */
  boolean lets(int from, Message.Request request) {
    boolean asksForVote = request instanceof Message.Prepare
        || request instanceof Message.PrepareRange
        || request instanceof Message.Accept;
    // Who is not known may have an older state than it has told of.
    boolean needsMember = request instanceof Talk.ReadCheck || request instanceof Talk.Pull;
    boolean mayPass = needsMember ? replica.members().mayVote() : !asksForVote || mayVote();
    if (!mayPass) {
      observer.unanswered(from, request);
    }
    return mayPass;
  }

  /** Starts, and asks, what has waited, once the peer may vote. */
  void release() {
    if (replica.members().mayVote()) {
      // Needs no room: nothing is written for a read.
      replica.askForReads();
    }
    if (!waiting.isEmpty() && mayVote()) {
      waiting.forEach(replica::start);
      waiting.clear();
      waitingBytes = 0;
    }
  }

  boolean mayVote() {
    return replica.members().mayVote() && journal.hasRoomForVotes();
  }

  int waiting() {
    return waiting.size();
  }

  long waitingBytes() {
    return waitingBytes;
  }

  /** The highest instance that waits, or -1. */
  long max() {
    return waiting.isEmpty() ? -1 : waiting.lastKey();
  }
}
