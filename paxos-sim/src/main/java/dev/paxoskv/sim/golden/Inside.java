package dev.paxoskv.sim.golden;

import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.Quorum.PeerSet;
import dev.paxoskv.paxos.protocol.Status;
import dev.paxoskv.paxos.protocol.Vote;
import dev.paxoskv.paxos.protocol.roles.Replica;
import java.lang.reflect.Field;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What the roles of one peer hold at this moment, read by reflection, so that they need no doors
 * for tests. Only looks.
 */
public final class Inside {
  private final Replica replica;

  Inside(Replica replica) {
    this.replica = replica;
  }

  /** The highest ballot promised for each instance. */
  public Map<Long, Ballot> promises() {
    return acceptorEntries().entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, e ->
        (Ballot) read(e.getValue(), "promised")));
  }

  /** The ballot under which the peer drives {@code seq}, if it does. */
  public Optional<Ballot> ballot(long seq) {
    return proposal(seq).map(proposal -> (Ballot) read(proposal, "ballot"));
  }

  /** Where it stands with {@code seq}; empty if it does not drive it. */
  public String phase(long seq) {
    return proposal(seq)
        .map(proposal -> String.valueOf(read(proposal, "phase")).toLowerCase(Locale.ROOT))
        .orElse("");
  }

  private Optional<Object> proposal(long seq) {
    return Optional.ofNullable(map(read(read(roles(), "proposer"), "proposals")).get(seq));
  }

  /** All about {@code seq} in one line. */
  String explain(long seq) {
    StringBuilder text = new StringBuilder();
    Object entry = acceptorEntries().get(seq);
    Object proposal = map(read(read(roles(), "proposer"), "proposals")).get(seq);
    Status status = replica.status(seq);
    if (entry != null) {
      Optional<?> vote = (Optional<?>) read(entry, "vote");
      text.append("promised ").append(read(entry, "promised")).append(", ");
      text.append(Text.vote(vote.map(Vote.class::cast))).append("; ");
    }
    if (proposal != null) {
      text.append(explain(proposal)).append("; ");
    }
    text.append(status.fate().name().toLowerCase(Locale.ROOT));
    status.value().ifPresent(value -> text.append(" ").append(value));
    return text.toString();
  }

  private String explain(Object proposal) {
    long now = (Long) read(read(roles(), "proposer"), "now");
    String phase = String.valueOf(read(proposal, "phase")).toLowerCase(Locale.ROOT);
    long due = (Long) read(proposal, "dueTick") - now;
    return phase + " " + read(proposal, "ballot") + " " + read(proposal, "proposed")
        + peers(" yes", proposal, "agreed") + peers(" no", proposal, "refused")
        + peers(" cut off", proposal, "unreachable") + ", due " + due;
  }

  private String peers(String word, Object proposal, String field) {
    PeerSet set = (PeerSet) read(proposal, field);
    String members = IntStream.range(0, 63)
        .filter(set::has)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(" "));
    return members.isEmpty() ? "" : "," + word + " " + members;
  }

  private Object roles() {
    return read(replica, "roles");
  }

  private Map<Long, Object> acceptorEntries() {
    return map(read(read(roles(), "acceptor"), "entries"));
  }

  @SuppressWarnings("unchecked")
  private static Map<Long, Object> map(Object map) {
    return (Map<Long, Object>) map;
  }

  private static Object read(Object owner, String name) {
    try {
      Field field = owner.getClass().getDeclaredField(name);
      field.setAccessible(true);
      @Nullable Object value = field.get(owner);
      if (value == null) {
        throw new IllegalStateException(name + " is not set");
      }
      return value;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("the roles have changed: no " + name + " in " + owner, e);
    }
  }
}
