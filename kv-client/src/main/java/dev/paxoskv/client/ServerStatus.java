package dev.paxoskv.client;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What one server says of itself, without asking the others.
 *
 * @param index its place in {@code peers}, from 0
 * @param peers addresses of all servers of its cluster, as it was given them
 * @param applied the last instance whose commands it has applied; -1 before the first
 * @param min the least instance that it still remembers; 0 or more
 * @param max the highest instance that it has heard of; -1 before the first
 * @param leader index of the server that it follows; empty if it knows of none
 * @param membersSeen indexes of the servers that it heard from lately, itself included
 * @param stateHash over everything applied up to {@code applied}: equal on any two servers that
 *     applied equally far, if all is well
 * @param messagesSent to other servers since its start, requests and answers
 * @param syncs of its log's files since its start
 * @param notServing why it does not serve; empty if it does
 */
public record ServerStatus(
    int index,
    List<String> peers,
    long applied,
    long min,
    long max,
    OptionalLong leader,
    List<Integer> membersSeen,
    long stateHash,
    long messagesSent,
    long syncs,
    Optional<String> notServing) {

  /** Copies the lists. */
  public ServerStatus {
    peers = List.copyOf(peers);
    membersSeen = List.copyOf(membersSeen);
  }

  static ServerStatus of(dev.paxoskv.proto.kv.ServerStatus wire) {
    return new ServerStatus(
        wire.getIndex(),
        wire.getPeersList(),
        wire.getApplied(),
        wire.getMin(),
        wire.getMax(),
        wire.getLeader() < 0 ? OptionalLong.empty() : OptionalLong.of(wire.getLeader()),
        wire.getMembersSeenList(),
        wire.getStateHash(),
        wire.getMessagesSent(),
        wire.getSyncs(),
        Optional.of(wire.getNotServing()).filter(why -> !why.isEmpty()));
  }
}
