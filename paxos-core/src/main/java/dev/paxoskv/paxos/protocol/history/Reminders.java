package dev.paxoskv.paxos.protocol.history;

import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.Envelope;
import dev.paxoskv.paxos.protocol.Message.Decided;
import dev.paxoskv.paxos.protocol.Message.Fetch;
import dev.paxoskv.paxos.protocol.Message.Request;
import dev.paxoskv.paxos.protocol.Talk.Span;
import dev.paxoskv.paxos.protocol.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Decisions that somebody certainly did not hear of, and those that we were told of without their
 * values: the first are told again, the second asked for again, after a while, which doubles while
 * nothing gets through. Only in the library, where nobody asks for what nobody told; a store
 * catches up by itself. Helps a peer that could not be reached for a moment and promises nothing: a
 * peer can always learn a decision by proposing.
 *
 * <p>Bounded for each peer; of more decisions than that the oldest are kept in mind, as an
 * application needs those first.
 */
public final class Reminders {
  /** Most decisions that are owed to one peer, and most that are wanted of it. */
  static final int INSTANCES_MAX = 1024;

  /** Most bytes of values that are told again to one peer at a time, or else one value. */
  static final long ROUND_BYTES_MAX = 1 << 20;

  static final long AGAIN_TICKS_MIN = 10;

  static final long AGAIN_TICKS_MAX = 1000;

  /** Port to the roles of the same peer. */
  public interface Ground {
    /** Nothing is known below. */
    long floor();

    /** Whether this peer knows what was decided. */
    boolean isDecided(long seq);

    /** What was decided, if it is known and in memory. */
    Optional<Value> decided(long seq);

    /** Sends it at once. Whoever gets it may count on nothing but that a decision is one. */
    void tell(int peer, Request request);
  }

  /** How it stands with one other peer. */
  private static final class Other {
    final TreeSet<Long> owed = new TreeSet<>();
    final TreeSet<Long> wanted = new TreeSet<>();
    long dueTick;
    int failedRounds;
    boolean hasFailed;

    boolean isSettled() {
      return owed.isEmpty() && wanted.isEmpty();
    }
  }

  private final Ground ground;
  private final boolean isKept;
  private final List<Other> others = new ArrayList<>();
  private long now;

  /** Makes one that has nothing to say. If not {@code isKept} it never has. */
  public Reminders(Ground ground, int peers, boolean isKept) {
    this.ground = ground;
    this.isKept = isKept;
    for (int peer = 0; peer < peers; peer++) {
      others.add(new Other());
    }
  }

  /** {@code peer} certainly did not hear of what is decided according to {@code sent}, if any. */
  public void notTold(int peer, Envelope sent) {
    others.get(peer).hasFailed = true;
    if (isKept && sent.message() instanceof Decided decided) {
      add(begin(peer).owed, decided.seq(), decided.seq());
    }
    if (isKept && sent.news().isPresent()) {
      for (Span span : sent.news().get().spans()) {
        add(begin(peer).owed, span.first(), span.last());
      }
    }
  }

  /** Asks {@code peer}, who knows them to be decided, for what we lack of the range. */
  public void ask(int peer, Fetch range) {
    if (isKept) {
      add(begin(peer).wanted, range.first(), range.last());
    }
    ground.tell(peer, range);
  }

  private static void add(NavigableSet<Long> instances, long first, long last) {
    long end = Math.min(last, first + INSTANCES_MAX - 1);
    for (long seq = first; seq <= end; seq++) {
      instances.add(seq);
    }
    while (instances.size() > INSTANCES_MAX) {
      instances.pollLast();
    }
  }

  private Other begin(int peer) {
    Other other = others.get(peer);
    if (other.isSettled()) {
      // What fails while a round is out belongs to that round.
      other.failedRounds = now < other.dueTick ? other.failedRounds : 0;
      other.dueTick = now + pause(other);
    }
    return other;
  }

  private static long pause(Other other) {
    return Math.min(AGAIN_TICKS_MAX, AGAIN_TICKS_MIN << Math.min(other.failedRounds, 10));
  }

  /** Values have come from {@code peer}. If they were wanted we ask for the next that are. */
  public void onFetched(int peer) {
    Other other = others.get(peer);
    int before = other.wanted.size();
    trim(other);
    if (other.wanted.size() < before) {
      other.failedRounds = 0;
      askForNext(peer, other);
    }
  }

  public void tick(long tick) {
    now = tick;
    for (int peer = 0; peer < others.size(); peer++) {
      Other other = others.get(peer);
      if (!other.isSettled() && now >= other.dueTick) {
        remind(peer, other);
      }
    }
  }

  private void remind(int peer, Other other) {
    trim(other);
    if (other.isSettled()) {
      return;
    }
    boolean isInVain = other.hasFailed || !other.wanted.isEmpty();
    other.failedRounds = isInVain ? other.failedRounds + 1 : 0;
    other.hasFailed = false;
    other.dueTick = now + pause(other);
    tell(peer, other);
    askForNext(peer, other);
  }

  private void tell(int peer, Other other) {
    long bytes = 0;
    while (!other.owed.isEmpty() && bytes < ROUND_BYTES_MAX) {
      long seq = other.owed.pollFirst();
      Optional<Value> value = ground.decided(seq);
      bytes += value.map(Value::size).orElse(0);
      ground.tell(peer, new Decided(seq, Ballot.ZERO, value));
    }
  }

  /** For the first that are wanted, as far as there is no hole. */
  private void askForNext(int peer, Other other) {
    if (!other.wanted.isEmpty()) {
      long first = other.wanted.first();
      long last = first;
      while (other.wanted.contains(last + 1)) {
        last++;
      }
      ground.tell(peer, new Fetch(first, last));
    }
  }

  /** What is forgotten is owed to nobody, and what we have learnt since is not wanted. */
  private void trim(Other other) {
    other.owed.headSet(ground.floor()).clear();
    other.wanted.removeIf(seq -> seq < ground.floor() || ground.isDecided(seq));
  }
}
