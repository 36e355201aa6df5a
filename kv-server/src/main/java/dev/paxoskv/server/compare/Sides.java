package dev.paxoskv.server.compare;

import dev.paxoskv.paxos.protocol.Quorum;
import dev.paxoskv.paxos.protocol.Quorum.PeerSet;
import dev.paxoskv.proto.kv.HashStatement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/**
 * Who has which state after one instance, and how many of them are witnesses of it. A server whose
 * state was made of another one's snapshot is no witness beside that one, as it would have the same
 * if that was wrong.
 */
final class Sides {
  private final Quorum quorum;

  /** By hash and by server: in whose hands the state has been, the server's own included. */
  private final TreeMap<Long, TreeMap<Integer, PeerSet>> sides = new TreeMap<>();

  private Sides(Quorum quorum) {
    this.quorum = quorum;
  }

  /** Of what was said at the end of one round, by each server once and by one at least. */
  static Sides of(Collection<HashStatement> said, Quorum quorum) {
    // Whoever was right after it had taken another's state has worked out the rest itself.
    Sides before = at(firstOfAll(said), said, Set.of(), quorum);
    Set<Integer> themselves =
        before.right().isPresent() ? before.of(before.right().getAsLong()) : Set.of();
    return at(said.iterator().next().getLast(), said, themselves, quorum);
  }

  private static Sides at(
      long seq, Collection<HashStatement> said, Set<Integer> themselves, Quorum quorum) {
    Sides sides = new Sides(quorum);
    for (HashStatement each : said) {
      int server = each.getServer();
      PeerSet others = themselves.contains(server) ? PeerSet.EMPTY : new PeerSet(each.getDescent());
      sides
          .sides
          .computeIfAbsent(HashLine.at(seq, each), none -> new TreeMap<>())
          .put(server, others.with(server));
    }
    return sides;
  }

  /** The first instance of which all tell: what they tell of is of after any copy. */
  static long firstOfAll(Collection<HashStatement> said) {
    return said.stream().mapToLong(HashLine::first).max().orElseThrow();
  }

  /**
   * The hash that a majority of independent witnesses had. What all have is right, too: they may be
   * of one descent, but there is nobody else to ask.
   */
  OptionalLong right() {
    return sides.entrySet().stream()
        .filter(side -> side.getValue().size() == quorum.peers()
            || witnesses(side.getValue().values()) >= quorum.size())
        .mapToLong(side -> side.getKey())
        .findFirst();
  }

  /** Those with this hash. */
  Set<Integer> of(long hash) {
    return sides.getOrDefault(hash, new TreeMap<>()).keySet();
  }

  /** Who agrees with whom. */
  List<Set<Integer>> all() {
    return sides.values().stream().<Set<Integer>>map(TreeMap::keySet).toList();
  }

  /** Those whose descents meet are one. */
  private static int witnesses(Collection<PeerSet> hands) {
    List<PeerSet> apart = new ArrayList<>();
    for (PeerSet each : hands) {
      PeerSet joined = each;
      for (PeerSet other : List.copyOf(apart)) {
        boolean isOfOne = (other.bits() & each.bits()) != 0;
        if (isOfOne) {
          apart.remove(other);
          joined = joined.union(other);
        }
      }
      apart.add(joined);
    }
    return apart.size();
  }
}
