package dev.paxoskv.server.machine;

import dev.paxoskv.proto.kv.Limit;
import dev.paxoskv.proto.snapshot.SavedSession;
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
 * find the first. One walk at a time may go through all sessions as they were when it began.
 */
final class Sessions {
  private static final Session NEW = new Session(new SessionId(0, 0));

  private final Map<SessionId, Session> sessions = new HashMap<>();
  private final SessionOrder order = new SessionOrder();
  private final List<Session> restored = new ArrayList<>();
  private long uses;
  private int walks;
  private @Nullable Walk walk;

  /** How many are remembered. */
  int count() {
    return sessions.size();
  }

  /** What to answer instead of applying the write; empty if it is new and may be applied. */
  Optional<Result> answerInstead(SessionId id, long number) {
    Session session = find(id).orElse(NEW);
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
    Session session = use(id);
    session.results.put(session.acknowledged, number, SavedResults.kept(result));
  }

  /** The client has no more use for anything up to {@code number}. */
  void acknowledge(SessionId id, long number) {
    Session session = use(id);
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
  void restored() {
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

  /** The session, about to change, as the one used last. */
  private Session use(SessionId id) {
    Session session = find(id).orElse(null);
    if (session == null) {
      session = new Session(id);
      // A walk that has begun must not show it.
      session.walk = walks;
      sessions.put(id, session);
    } else if (session == order.newest() && session.walk == walks) {
      return session;
    } else {
      keep(session);
      order.remove(session);
    }
    session.used = ++uses;
    order.add(session);
    return session;
  }

  /** The commands of a session come in runs: the one used last is asked for most. */
  private Optional<Session> find(SessionId id) {
    Session newest = order.newest();
    return newest != null && newest.id.equals(id)
        ? Optional.of(newest)
        : Optional.ofNullable(sessions.get(id));
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
