package dev.paxoskv.sim.explore;

import dev.paxoskv.paxos.protocol.DurableRecord;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.sim.golden.HandPeer;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All of a peer in one text: two peers have the same text if no input can ever tell them apart, but
 * for how long a wait lasts. Counters that only say when are left out; of waits there remains the
 * order in which they end, of journal positions how far they are from durable.
 */
final class Digest {
  /** Time and positions in the absolute, the world outside, and what is written in other words. */
  private static final Set<String> LEFT_OUT = Set.of(
      "Replica.now",
      "Proposer.now",
      "Proposer.retry",
      "Proposal.attempt",
      "Proposal.dueTick",
      "Roles.catchUp",
      // Peers of the explorer choose no leader.
      "Roles.leadership",
      "Roles.election",
      "Proposer.leadership",
      // And read nothing.
      "Roles.reads",
      "Acceptor.reach",
      "Host.gate",
      "Host.transport",
      "Host.journal",
      "Host.observer",
      "HandJournal.position",
      "HandJournal.durable",
      "HandPeer.codec",
      "HandPeer.events",
      "HandPeer.plant");

  private final StringBuilder text = new StringBuilder();
  private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private final TreeSet<Long> dueTicks = new TreeSet<>();

  private final boolean isFinished;

  private Digest(boolean isFinished) {
    this.isFinished = isFinished;
  }

  /** A peer that is {@code finished} chooses no ballot any more, so rounds are left out as well. */
  static String of(HandPeer peer, boolean isFinished) {
    if (peer.isDown()) {
      return required(peer, "me") + " down " + peer.decisions() + votes(peer);
    }
    Digest digest = new Digest(isFinished);
    digest.dueTicks.addAll(dueTicks(peer));
    digest.write(peer);
    digest.text.append(votes(peer));
    return digest.text.toString();
  }

  /** Which votes are durable; no later record takes one back. */
  private static String votes(HandPeer peer) {
    return peer.durable().stream()
        .filter(DurableRecord.Voted.class::isInstance)
        .map(DurableRecord::toString)
        .sorted()
        .distinct()
        .collect(Collectors.joining(" "));
  }

  private void write(@Nullable Object object) {
    if (object == null) {
      text.append('-');
    } else if (isPlain(object)) {
      text.append(object);
    } else if (!seen.add(object)) {
      text.append('^');
    } else if (object instanceof Optional<?> optional) {
      write(optional.orElse(null));
    } else if (object instanceof long[] longs) {
      text.append(Arrays.toString(longs));
    } else if (object instanceof Map<?, ?> map) {
      map.forEach((key, value) -> {
        text.append(key).append('=');
        write(value);
        text.append(';');
      });
    } else if (object instanceof Collection<?> collection) {
      for (Object element : collection) {
        write(element);
        text.append(';');
      }
    } else {
      writeFields(object);
    }
  }

  private static boolean isPlain(Object object) {
    return object instanceof Record
        || object instanceof String
        || object instanceof Enum
        || object instanceof Value
        || object instanceof Number
        || object instanceof Boolean;
  }

  private void writeFields(Object object) {
    String type = object.getClass().getSimpleName();
    text.append(type).append('{');
    for (Field field : Fields.of(object.getClass())) {
      String name = type + "." + field.getName();
      if (!LEFT_OUT.contains(name) && !(isFinished && name.equals("Proposer.highestRound"))) {
        text.append(field.getName()).append(':');
        write(read(field, object));
        text.append(' ');
      } else if (name.equals("Proposal.dueTick")) {
        long due = (Long) required(field, object);
        text.append("due:").append(dueTicks.headSet(due).size()).append(' ');
      } else if (name.equals("Host.gate")) {
        writeGate(required(field, object));
      }
    }
    text.append('}');
  }

  /**
   * What waits, and behind how many records that are not durable. What waits twice counts once: to
   * say it again later makes no difference.
   */
  private void writeGate(Object gate) {
    long durable = (Long) required(gate, "durable");
    long appended = (Long) required(gate, "appended");
    long syncing = (Long) required(gate, "syncing");
    text.append("lag:").append(appended - durable);
    text.append(" asked:").append(Math.max(0, syncing - durable)).append(" gate:");
    Set<Object> effects = new HashSet<>();
    for (Object gated : (Collection<?>) required(gate, "waiting")) {
      Object effect = required(gated, "effect");
      if (effects.add(effect)) {
        long position = (Long) required(gated, "position");
        text.append(position - durable).append(effect).append(';');
      }
    }
  }

  private static Collection<Long> dueTicks(HandPeer peer) {
    Object proposer = required(required(required(peer, "replica"), "roles"), "proposer");
    Map<?, ?> proposals = (Map<?, ?>) required(proposer, "proposals");
    return proposals.values().stream().map(p -> (Long) required(p, "dueTick")).toList();
  }

  private static Object required(Object owner, String name) {
    return Fields.of(owner.getClass()).stream()
        .filter(field -> field.getName().equals(name))
        .map(field -> required(field, owner))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no " + name + " in " + owner.getClass()));
  }

  private static Object required(Field field, Object owner) {
    @Nullable Object value = read(field, owner);
    if (value == null) {
      throw new IllegalStateException(field + " is not set");
    }
    return value;
  }

  private static @Nullable Object read(Field field, Object owner) {
    try {
      return field.get(owner);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }
}
