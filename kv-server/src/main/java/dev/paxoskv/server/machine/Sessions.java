package dev.paxoskv.server.machine;

import dev.paxoskv.proto.kv.Limit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which writes of which session have been applied, and what they came to. Part of the replicated
 * state: a client may repeat a write through any server, and the copy that is applied second must
 * find the first.
 */
final class Sessions {

  private static final class Session {
    private final TreeMap<Long, Result> results = new TreeMap<>();
    private long acknowledged;
  }

  private final Map<SessionId, Session> sessions = new HashMap<>();

  /** What to answer instead of applying the write; empty if it is new and may be applied. */
  Optional<Result> answerInstead(SessionId id, long number) {
    Session session = sessions.get(id);
    long acknowledged = session == null ? 0 : session.acknowledged;
    if (number <= acknowledged) {
      // The client has its answer, or has given up and was told that the outcome is unknown.
      // Applying
      // the write now, however late, would be a second effect or a surprise.
      return Optional.of(new Result.Refused("number " + number + " was acknowledged before"));
    }
    if (number > acknowledged + Limit.SESSION_WINDOW_VALUE) {
      return Optional.of(new Result.Refused("number " + number + " is more than "
          + Limit.SESSION_WINDOW_VALUE + " above the acknowledged " + acknowledged));
    }
    return session == null ? Optional.empty() : Optional.ofNullable(session.results.get(number));
  }

  /** Remembers what a write came to until the client acknowledges its number. */
  void applied(SessionId id, long number, Result result) {
    sessions.computeIfAbsent(id, unknown -> new Session()).results.put(number, result);
  }

  /** The client has no more use for anything up to {@code number}. */
  void acknowledge(SessionId id, long number) {
    Session session = sessions.get(id);
    if (session != null && number > session.acknowledged) {
      session.acknowledged = number;
      session.results.headMap(number, true).clear();
    }
  }
}
