package dev.paxoskv.sim.mutants;

import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.DurableRecord;
import dev.paxoskv.paxos.protocol.Envelope;
import dev.paxoskv.paxos.protocol.Message;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.paxos.protocol.Vote;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Sees everything and forgets nothing: every durable record, every message as it leaves, every
 * decision. Counts for itself and trusts no word of the peers. The letters are those of the
 * invariants in the project's protocol page.
 */
final class Oracle {

  /** What was found wrong. */
  static final class Objection extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Objection(String message) {
      super(message);
    }
  }

  private static final long EVERYWHERE = -1;

  private record At(int peer, long seq, Ballot ballot) {}

  private static final class Instance {
    final Set<Value> started = new HashSet<>();
    final TreeMap<Ballot, Value> offered = new TreeMap<>();
    final TreeMap<Ballot, Long> voters = new TreeMap<>();
    final TreeMap<Ballot, Value> chosen = new TreeMap<>();
  }

  private final int peers;
  private final Map<Long, Instance> instances = new HashMap<>();
  private final Set<At> promised = new HashSet<>();
  private final Set<At> voted = new HashSet<>();
  private final long[] done;
  private final long[] min;

  Oracle(int peers) {
    this.peers = peers;
    this.done = new long[peers];
    this.min = new long[peers];
    Arrays.fill(done, -1);
  }

  int peers() {
    return peers;
  }

  void started(long seq, Value value) {
    at(seq).started.add(value);
  }

  void done(int peer, long seq) {
    done[peer] = Math.max(done[peer], seq);
  }

  /** G8: nothing is forgotten that a peer has not said it is done with; min never falls. */
  void min(int peer, long now) {
    long allowed = 1 + Arrays.stream(done).min().orElse(-1);
    check(now <= allowed, "G8", "min is " + now + " at peer " + peer + ", at most " + allowed);
    check(now >= min[peer], "G8", "min falls to " + now + " at peer " + peer);
    min[peer] = now;
  }

  /** G8: nobody knows of an instance that nobody started. */
  void max(int peer, long now) {
    boolean isStarted = now < 0 || !at(now).started.isEmpty();
    check(isStarted, "G8", "max is " + now + " at peer " + peer + ", which nobody started");
  }

  void durable(int peer, DurableRecord record) {
    if (record instanceof DurableRecord.Promised promise) {
      promised.add(new At(peer, promise.seq(), promise.ballot()));
    } else if (record instanceof DurableRecord.RangePromised promise) {
      promised.add(new At(peer, EVERYWHERE, promise.ballot()));
    } else if (record instanceof DurableRecord.Voted vote) {
      voted.add(new At(peer, vote.seq(), vote.vote().ballot()));
      vote(peer, vote.seq(), vote.vote());
    }
  }

  void leaves(int peer, Envelope envelope) {
    Message message = envelope.message();
    if (message instanceof Message.Accept accept) {
      offered(accept);
    } else if (message instanceof Message.Promise promise) {
      At record = new At(peer, promise.seq(), promise.ballot());
      check(promised.contains(record), "L6", "no durable record yet behind " + promise);
    } else if (message instanceof Message.RangePromise promise) {
      At record = new At(peer, EVERYWHERE, promise.ballot());
      check(promised.contains(record), "L6", "no durable record yet behind " + promise);
    } else if (message instanceof Message.Accepted accepted) {
      At record = new At(peer, accepted.seq(), accepted.ballot());
      check(voted.contains(record), "L6", "no durable record yet behind " + accepted);
    }
  }

  /** G1: only what a majority voted for at one ballot is decided. */
  void decided(int peer, long seq, Value value) {
    boolean isChosen = at(seq).chosen.containsValue(value);
    check(isChosen, "G1", "peer " + peer + " decides " + value + " in " + seq + ", not chosen");
  }

  /** L3 and G2: one value at a ballot, and one that somebody started; G3 as early as possible. */
  private void offered(Message.Accept accept) {
    Instance instance = at(accept.seq());
    check(instance.started.contains(accept.value()), "G2", "nobody started " + accept);
    Value other = instance.offered.putIfAbsent(accept.ballot(), accept.value());
    check(other == null || other.equals(accept.value()), "L3", accept + ", before: " + other);
    checkLaterOffers(accept.seq(), instance);
  }

  private void vote(int peer, long seq, Vote vote) {
    Instance instance = at(seq);
    // A peer alone in its group offers without a message.
    Value other = instance.offered.putIfAbsent(vote.ballot(), vote.value());
    check(other == null || other.equals(vote.value()), "L3", vote + ", before: " + other);
    long voters = instance.voters.merge(vote.ballot(), 1L << peer, (a, b) -> a | b);
    if (2 * Long.bitCount(voters) > peers) {
      instance.chosen.put(vote.ballot(), vote.value());
      long values = instance.chosen.values().stream().distinct().count();
      check(values == 1, "G1", "chosen in " + seq + ": " + instance.chosen);
      checkLaterOffers(seq, instance);
    }
  }

  /** G3: above a ballot at which a value was chosen, nothing else may even be offered. */
  private static void checkLaterOffers(long seq, Instance instance) {
    if (instance.chosen.isEmpty()) {
      return;
    }
    Map.Entry<Ballot, Value> first = instance.chosen.firstEntry();
    instance
        .offered
        .tailMap(first.getKey())
        .forEach((ballot, value) -> check(
            value.equals(first.getValue()),
            "G3",
            "in " + seq + " " + first + " is chosen, and " + value + " is offered at " + ballot));
  }

  private Instance at(long seq) {
    return instances.computeIfAbsent(seq, s -> new Instance());
  }

  static void check(boolean holds, String rule, String what) {
    if (!holds) {
      throw new Objection(rule + ": " + what);
    }
  }
}
