package dev.paxoskv.paxos.net;

import com.google.protobuf.ByteString;
import dev.paxoskv.paxos.net.wire.Lives;
import dev.paxoskv.paxos.protocol.Member;
import dev.paxoskv.paxos.protocol.members.Members;
import dev.paxoskv.paxos.protocol.members.Sighting;
import dev.paxoskv.proto.peer.Hello;
import dev.paxoskv.proto.peer.Life;
import dev.paxoskv.proto.peer.Met;
import dev.paxoskv.proto.peer.Refusal;
import dev.paxoskv.proto.peer.Welcome;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Who belongs to this group, as this peer was told, and which life of each of them it has met.
 * Judges greetings.
 *
 * <p>A peer that lost its memory must not take part again under its old index: it could vote for a
 * second value where it had voted before. Peers with a data directory are judged by
 * {@link Members}. For peers in memory any second life is one too many: whoever has met an index,
 * or was told of it by one that has, refuses another boot id for it; and a peer that hears of an
 * earlier life of its own stops.
 */
final class Group {
  private final List<Address> peers;
  private final int me;
  private final String cluster;
  private final Members members;
  private final Map<Integer, Life> met = new TreeMap<>();

  Group(NetConfig net) {
    this.peers = net.peers();
    this.me = net.me();
    this.cluster = net.cluster();
    this.members = net.members();
  }

  int size() {
    return peers.size();
  }

  Hello helloTo(int peer) {
    return Hello.newBuilder()
        .addAllPeers(names())
        .setFrom(me)
        .setTo(peer)
        .setLife(life())
        .addAllMet(met())
        .setCluster(clusterBytes())
        .build();
  }

  Welcome welcome() {
    return Welcome.newBuilder()
        .setLife(life())
        .addAllMet(met())
        .setCluster(clusterBytes())
        .build();
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
    return meet(from, hello.getLife(), hello.getCluster());
  }

  /** Why a peer that we have dialled is not believed; empty if it is, and then it is remembered. */
  Optional<Refusal> refuse(int peer, Welcome welcome) {
    return meet(peer, welcome.getLife(), welcome.getCluster());
  }

  private Optional<Refusal> meet(int peer, Life other, ByteString otherCluster) {
    String theirs = HexFormat.of().formatHex(otherCluster.toByteArray());
    if (!theirs.equals(cluster)) {
      // Also if one of the two has decided no id yet: it was not restored from the other's backup.
      return refusal("peer " + peer + " belongs to cluster " + theirs + " but peer " + me + " to "
          + cluster + "; check the addresses and the data directories, and that all servers were"
          + " restored with one cluster id, or none was");
    }
    if (other.getBootId().size() != 16) {
      return refusal("peer " + peer + " gave no boot id of 16 bytes");
    }
    Member member = Lives.member(other);
    if (members.isDurable() || member.isDurable()) {
      return meetMember(peer, member, other.getDurable());
    }
    Life known = met.putIfAbsent(peer, other);
    if (known == null || known.equals(other)) {
      return Optional.empty();
    }
    return mustStop("peer " + peer + " was restarted without its memory, and peer " + me
        + " knows its earlier life; it may not vote again: restart the whole group");
  }

  private Optional<Refusal> meetMember(int peer, Member member, long durable) {
    Optional<String> reason = members.refuse(peer, member, durable);
    if (reason.isPresent()) {
      // Nobody has lost anything by a wrong flag.
      boolean isAlike = member.isDurable() == members.isDurable();
      return isAlike ? mustStop(reason.get()) : refusal(reason.get());
    }
    members.greeted(peer, member, durable);
    return Optional.empty();
  }

  /**
   * Takes over whom another peer has met, as far as we have not met them ourselves.
   *
   * @return why this peer must stop: the other knows an earlier life of it; empty if it need not
   */
  Optional<String> hearOf(List<Met> lives) {
    Optional<String> problem = Optional.empty();
    for (Met heard : lives) {
      int index = heard.getIndex();
      if (index >= 0 && index < size() && problem.isEmpty()) {
        problem = hearOf(index, heard.getLife());
      }
    }
    return problem;
  }

  private Optional<String> hearOf(int index, Life heard) {
    Member member = Lives.member(heard);
    if (members.isDurable()) {
      return member.isDurable()
          ? members.heard(new Sighting(index, member, heard.getDurable()))
          : Optional.empty();
    }
    if (index == me && !heard.equals(life())) {
      return Optional.of("peer " + me + " was restarted without its memory, and its earlier life"
          + " is known to others; it may not vote again: restart the whole group");
    }
    if (index != me && !heard.getBootId().isEmpty()) {
      met.putIfAbsent(index, heard);
    }
    return Optional.empty();
  }

  private static Optional<Refusal> refusal(String reason) {
    return Optional.of(Refusal.newBuilder().setReason(reason).build());
  }

  private static Optional<Refusal> mustStop(String reason) {
    return Optional.of(Refusal.newBuilder().setReason(reason).setRestarted(true).build());
  }

  private Life life() {
    return Lives.of(members.self(), members.durable());
  }

  private ByteString clusterBytes() {
    return ByteString.copyFrom(HexFormat.of().parseHex(cluster));
  }

  private List<Met> met() {
    if (!members.isDurable()) {
      return met.entrySet().stream().map(e -> met(e.getKey(), e.getValue())).toList();
    }
    return members.sightings().stream()
        .map(seen -> met(seen.peer(), Lives.of(seen.member(), seen.durable())))
        .toList();
  }

  private static Met met(int peer, Life life) {
    return Met.newBuilder().setIndex(peer).setLife(life).build();
  }

  private List<String> names() {
    return peers.stream().map(Address::toString).toList();
  }
}
