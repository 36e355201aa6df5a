package dev.paxoskv.paxos.net;

import dev.paxoskv.proto.peer.Hello;
import dev.paxoskv.proto.peer.Life;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Who belongs to this group, as this peer was told, and which life of each of them it has met.
 * Judges greetings.
 *
 * <p>A peer that lost its memory must not take part again under its old index: it could vote for a
 * second value where it had voted before. So whoever has met an index refuses another boot id for
 * it.
 */
final class Group {
  private final List<Address> peers;
  private final int me;
  private final Life life;
  private final Map<Integer, Life> met = new TreeMap<>();

  Group(List<Address> peers, int me, Life life) {
    this.peers = peers;
    this.me = me;
    this.life = life;
  }

  int size() {
    return peers.size();
  }

  int me() {
    return me;
  }

  Life life() {
    return life;
  }

  Hello helloTo(int peer) {
    return Hello.newBuilder()
        .addAllPeers(names())
        .setFrom(me)
        .setTo(peer)
        .setLife(life)
        .build();
  }

  /** Why a dialling peer may not come in; empty if it may, and then its life is remembered. */
  Optional<String> refuse(Hello hello) {
    if (!hello.getPeersList().equals(names())) {
      return Optional.of("the lists of peers differ: peer " + me + " was started with "
          + String.join(",", names()) + " but peer " + hello.getFrom() + " with "
          + String.join(",", hello.getPeersList()) + "; start all with the same list");
    }
    int from = hello.getFrom();
    if (from < 0 || from >= size() || from == me) {
      return Optional.of("peer " + me + " was greeted by index " + from
          + "; every peer needs an index of its own from 0 to " + (size() - 1));
    }
    if (hello.getTo() != me) {
      return Optional.of("peer " + from + " dialled index " + hello.getTo() + " but reached " + me
          + "; check the addresses");
    }
    return meet(from, hello.getLife());
  }

  /** Why {@code peer} in this life is not believed; empty if it is. */
  Optional<String> meet(int peer, Life other) {
    if (other.getBootId().size() != 16) {
      return Optional.of("peer " + peer + " gave no boot id of 16 bytes");
    }
    Life known = met.putIfAbsent(peer, other);
    if (known == null || known.equals(other)) {
      return Optional.empty();
    }
    return Optional.of("peer " + peer + " was restarted without its memory, and peer " + me
        + " has met it before; it may not vote again: restart the whole group");
  }

  private List<String> names() {
    return peers.stream().map(Address::toString).toList();
  }
}
