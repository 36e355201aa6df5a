package dev.paxoskv.paxos.protocol.members;

import dev.paxoskv.paxos.protocol.DurableRecord.Registered;
import dev.paxoskv.paxos.protocol.Member;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which member holds which index, the newest life that each presented, and the furthest that each
 * told of its journal. Registrations come back after a crash; boot ids and positions do not.
 */
final class MemberBook {

  /**
   * @param newest the boot id is empty if only the journal speaks of this life
   * @param journaled the highest start that our journal was told of
   */
  private record Known(Member newest, long journaled, long durable) {
    Known toldOf(long position) {
      return new Known(newest, journaled, Math.max(durable, position));
    }
  }

  private final String owner;
  private final TreeMap<Integer, Known> known = new TreeMap<>();

  /** Keeps the book of {@code owner}, as its lines to operators name it. */
  MemberBook(String owner) {
    this.owner = owner;
  }

  /** Why {@code member} may not take part under the index {@code peer}; empty if it may. */
  Optional<String> refuse(int peer, Member member, long durable) {
    Known before = known.get(peer);
    if (before == null) {
      return Optional.empty();
    }
    Member newest = before.newest;
    if (!member.id().equals(newest.id())) {
      return Optional.of("peer " + peer + " comes with another data directory than the one that "
          + owner + " registered for it; if its disk was lost, run: kv replace "
          + peer);
    }
    // Within one life nothing can be lost, and what it told elsewhere may have overtaken its hello.
    if (isSameLife(member, newest)) {
      return Optional.empty();
    }
    if (member.incarnation() <= newest.incarnation() && !isFirstWordOf(member, newest)) {
      return Optional.of(olderCopy(peer) + "its start " + member.incarnation()
          + " is not after start " + newest.incarnation() + ", which " + owner + " met"
          + replace(peer));
    }
    if (durable < before.durable) {
      return Optional.of(olderCopy(peer) + "its journal ends at " + durable + ", but it told "
          + owner + " of " + before.durable + replace(peer));
    }
    return Optional.empty();
  }

  private static boolean isSameLife(Member member, Member newest) {
    return member.equals(newest);
  }

  /** After a restart we know the life's number, but not its boot id. */
  private static boolean isFirstWordOf(Member member, Member newest) {
    return newest.bootId().isEmpty() && member.incarnation() == newest.incarnation();
  }

  private static String olderCopy(int peer) {
    return "the data directory of peer " + peer + " is an older copy: ";
  }

  private static String replace(int peer) {
    return "; what it said since is lost, so it may not vote again: run: kv replace " + peer;
  }

  /** Whether this is not the life of {@code peer} that was met last. */
  boolean isNewLife(int peer, Member member) {
    Known before = known.get(peer);
    return before == null || !isSameLife(member, before.newest);
  }

  /**
   * Notes a member that was not refused.
   *
   * @return whether the journal must be told: the member, or the number of its start, is new
   */
  boolean register(int peer, Member member, long durable) {
    Known before = known.get(peer);
    long furthest = before == null ? durable : Math.max(before.durable, durable);
    known.put(peer, new Known(member, member.incarnation(), furthest));
    return before == null || before.journaled < member.incarnation();
  }

  /** Notes a life that was not refused; only of a member that is registered. */
  void greeted(int peer, Member member, long durable) {
    known.computeIfPresent(
        peer, (p, before) -> new Known(member, before.journaled, before.durable).toldOf(durable));
  }

  /** Notes a registration that the journal kept. */
  void recover(Registered record) {
    Member member = new Member(record.memberId(), record.incarnation(), "");
    known.put(record.peer(), new Known(member, record.incarnation(), 0));
  }

  /** {@code peer} said something, and with it how far its journal is durable. */
  void told(int peer, long durable) {
    known.computeIfPresent(peer, (p, before) -> before.toldOf(durable));
  }

  /** Another peer has met this life, and was told so much by it. */
  void heard(Sighting seen) {
    Known before = known.get(seen.peer());
    if (before == null || !before.newest.id().equals(seen.member().id())) {
      return;
    }
    boolean isNewer = seen.member().incarnation() > before.newest.incarnation()
        || isFirstWordOf(seen.member(), before.newest);
    Member newest = isNewer ? seen.member() : before.newest;
    known.put(
        seen.peer(), new Known(newest, before.journaled, before.durable).toldOf(seen.durable()));
  }

  List<Sighting> sightings() {
    return known.entrySet().stream()
        .map(e -> new Sighting(e.getKey(), e.getValue().newest, e.getValue().durable))
        .toList();
  }
}
