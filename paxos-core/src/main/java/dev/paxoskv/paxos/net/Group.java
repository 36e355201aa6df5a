package dev.paxoskv.paxos.net;

import dev.paxoskv.proto.peer.Hello;
import dev.paxoskv.proto.peer.Life;
import dev.paxoskv.proto.peer.Met;
import dev.paxoskv.proto.peer.Refusal;
import dev.paxoskv.proto.peer.Welcome;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Who belongs to this group, as this peer was told, and which life of each of them it has met.
 * Judges greetings.
 *
 * <p>A peer that lost its memory must not take part again under its old index: it could vote for a
 * second value where it had voted before. So whoever has met an index, or was told of it by one
 * that has, refuses another boot id for it; and a peer that hears of an earlier life of its own
 * stops.
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
        .addAllMet(met())
        .build();
  }

  Welcome welcome() {
    return Welcome.newBuilder().setLife(life).addAllMet(met()).build();
  }

  /** Why a dialling peer may not come in; empty if it may, and then its life is remembered. */
  Optional<Refusal> refuse(Hello hello) {
    int from = hello.getFrom();
    if (!hello.getPeersList().equals(names())) {
      return refusal("the lists of peers differ: peer " + me + " was started with "
          + String.join(",", names()) + " but peer " + from + " with "
          + String.join(",", hello.getPeersList()) + "; start all with the same list");
    }
    if (from < 0 || from >= size() || from == me) {
      return refusal("peer " + me + " was greeted by index " + from
          + "; every peer needs an index of its own from 0 to " + (size() - 1));
    }
    if (hello.getTo() != me) {
      return refusal("peer " + from + " dialled index " + hello.getTo() + " but reached " + me
          + "; check the addresses");
    }
    return meet(from, hello.getLife());
  }

  /** Why {@code peer} in this life is not believed; empty if it is, and then it is remembered. */
  Optional<Refusal> meet(int peer, Life other) {
    if (!isLife(other)) {
      return refusal("peer " + peer + " gave no boot id of 16 bytes");
    }
    Life known = met.putIfAbsent(peer, other);
    if (known == null || known.equals(other)) {
      return Optional.empty();
    }
    Refusal restarted = Refusal.newBuilder()
        .setReason("peer " + peer + " was restarted without its memory, and peer " + me
            + " knows its earlier life; it may not vote again: restart the whole group")
        .setRestarted(true)
        .build();
    return Optional.of(restarted);
  }

  /**
   * Takes over whom another peer has met, as far as we have not met them ourselves.
   *
   * @return why this peer must stop: the other knows an earlier life of it; empty if it need not
   */
  Optional<String> hearOf(List<Met> lives) {
    for (Met heard : lives) {
      int index = heard.getIndex();
      if (index == me && !heard.getLife().equals(life)) {
        return Optional.of("peer " + me + " was restarted without its memory, and its earlier life"
            + " is known to others; it may not vote again: restart the whole group");
      }
      if (index >= 0 && index < size() && index != me && isLife(heard.getLife())) {
        met.putIfAbsent(index, heard.getLife());
      }
    }
    return Optional.empty();
  }

  private static boolean isLife(Life life) {
    return life.getBootId().size() == 16;
  }

  private static Optional<Refusal> refusal(String reason) {
    return Optional.of(Refusal.newBuilder().setReason(reason).build());
  }

  private List<Met> met() {
    return met.entrySet().stream()
        .map(e -> Met.newBuilder().setIndex(e.getKey()).setLife(e.getValue()).build())
        .toList();
  }

  private List<String> names() {
    return peers.stream().map(Address::toString).toList();
  }
}
