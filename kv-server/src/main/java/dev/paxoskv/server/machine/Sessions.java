package dev.paxoskv.server.machine;

import dev.paxoskv.proto.kv.Limit;
import dev.paxoskv.proto.snapshot.SavedSession;
import dev.paxoskv.server.machine.KvStateMachine.SessionLimits;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Which writes of which session have been applied, and what they came to. Part of the replicated
 * state: a client may repeat a write through any server, and the copy that is applied second must
 * find the first. So must the end of a session be: it comes from the log alone, when the time that
 * batches carry has gone on too far since the session was used, or when there are too many. One
 * walk at a time may go through all sessions as they were when it began.
 */
final class Sessions {
  private final SessionLimits limits;
  private final Map<SessionId, Session> sessions = new HashMap<>();
  private final SessionOrder order = new SessionOrder();
  private final List<Session> restored = new ArrayList<>();
  private long uses;
  private long time;
  private int walks;
  private @Nullable Walk walk;

  Sessions(SessionLimits limits) {
    this.limits = limits;
  }

  /** The highest time that a batch brought; 0 for none. */
  long time() {
    return time;
  }

  int count() {
    return sessions.size();
  }

  /**
   * A batch brings its time, which may be behind that of another, and counts for no more than a
   * second further than the highest so far; {@code ended} hears who ends.
   */
  void advance(long stamp, Consumer<SessionId> ended) {
    time = Math.max(time, Math.min(stamp, time + SessionLimits.AHEAD_MILLIS_MAX));
    Session oldest = order.oldest();
    while (oldest != null && time - oldest.time > limits.idleMillisMax()) {
      end(oldest, ended);
      oldest = order.oldest();
    }
  }

  /** Begins a session that there never was; {@code ended} hears whose place it takes, if any. */
  void open(SessionId id, Consumer<SessionId> ended) {
    Session oldest = order.oldest();
    while (oldest != null && sessions.size() >= limits.countMax()) {
      end(oldest, ended);
      oldest = order.oldest();
    }
    begin(id);
  }

  /** Begins a session as before there was a limit. */
  void begin(SessionId id) {
    Session session = new Session(id);
    // A walk that has begun must not show it.
    session.walk = walks;
    sessions.put(id, session);
    useNow(session);
  }

  /** A command of the session has come: it is the one used last. False if there is none. */
  boolean use(SessionId id) {
    Session session = find(id);
    if (session == null) {
      return false;
    }
    if (session != order.newest() || session.walk != walks) {
      keep(session);
      order.remove(session);
      useNow(session);
    }
    session.time = time;
    return true;
  }

  /** What to answer instead of applying the write; empty if it is new and may be applied. */
  Optional<Result> answerInstead(SessionId id, long number) {
    Session session = known(id);
    if (number <= session.acknowledged) {
      // The client has its answer, or has given up and was told that the outcome is unknown. To
      // apply the write now, however late, would be a second effect or a surprise.
      return Optional.of(
          new Result.Refused("number " + number + " was acknowledged before", false));
    }
    if (number - session.acknowledged > Limit.SESSION_WINDOW_VALUE) {
      return Optional.of(new Result.Refused(
          "number " + number + " is more than " + Limit.SESSION_WINDOW_VALUE
              + " above the acknowledged " + session.acknowledged,
          false));
    }
    return session.results.get(session.acknowledged, number);
  }

  /** Remembers what a write came to until the client acknowledges its number. */
  void applied(SessionId id, long number, Result result) {
    Session session = known(id);
    session.results.put(session.acknowledged, number, SavedResults.kept(result));
  }

  /** The client has no more use for anything up to {@code number}. */
  void acknowledge(SessionId id, long number) {
    Session session = known(id);
    if (number > session.acknowledged) {
      session.results.drop(session.acknowledged, number);
      session.acknowledged = number;
    }
  }

  /** Takes up what was saved of one session; {@link #restored} must follow the last. */
  void restore(SavedSession saved) {
    Session session = Session.of(saved);
    sessions.put(session.id, session);
    restored.add(session);
  }

  /** All that was saved has been taken up. */
  void restored(long savedTime) {
    time = savedTime;
    restored.sort(Comparator.comparingLong(session -> session.used));
    for (Session session : restored) {
      order.add(session);
      uses = session.used;
    }
    restored.clear();
  }

  /** Begins a walk over the sessions as they are now; the one before, if any, is over. */
  Walk walk() {
    walks++;
    Walk begun = new Walk(order.oldest());
    walk = begun;
    return begun;
  }

  /** One that was just used, so that it is there and may change. */
  private Session known(SessionId id) {
    Session session = find(id);
    if (session == null) {
      throw new IllegalArgumentException("there is no " + id);
    }
    return session;
  }

  /** The commands of a session come in runs: the one used last is asked for most. */
  private @Nullable Session find(SessionId id) {
    Session newest = order.newest();
    return newest != null && newest.id.equals(id) ? newest : sessions.get(id);
  }

  private void useNow(Session session) {
    session.used = ++uses;
    session.time = time;
    order.add(session);
  }

  private void end(Session session, Consumer<SessionId> ended) {
    keep(session);
    order.remove(session);
    sessions.remove(session.id);
    ended.accept(session.id);
  }

  /** Before {@code session} changes: the walk must still show it as it is. */
  private void keep(Session session) {
    if (walk != null && session.walk != walks) {
      walk.keep(session);
    }
    session.walk = walks;
  }

  /**
   * Goes through the sessions as they were when it began, from the one used longest ago. What is
   * used moves behind all others, so what the walk has not come to is in one piece.
   */
  final class Walk {
    private final ArrayDeque<SavedSession> kept = new ArrayDeque<>();
    private @Nullable Session next;

    private Walk(@Nullable Session oldest) {
      next = oldest;
    }

    boolean isOver() {
      return next == null && kept.isEmpty();
    }

    void abandon() {
      next = null;
      kept.clear();
      end();
    }

    /** Shows one session more, if there is one; returns its size in bytes. */
    int next(Consumer<SavedSession> sink) {
      SavedSession saved = kept.pollFirst();
      Session passed = next;
      if (saved == null && passed != null) {
        passed.walk = walks;
        saved = passed.save();
        goOn(passed);
      }
      if (saved == null) {
        return 0;
      }
      sink.accept(saved);
      return saved.getSerializedSize();
    }

    private void keep(Session session) {
      kept.addLast(session.save());
      if (session == next) {
        goOn(session);
      }
    }

    private void goOn(Session passed) {
      Session newer = passed.newer;
      boolean isAtEnd = newer == null || newer.walk == walks;
      next = isAtEnd ? null : newer;
      end();
    }

    private void end() {
      if (next == null && walk == this) {
        walk = null;
      }
    }
  }
}
