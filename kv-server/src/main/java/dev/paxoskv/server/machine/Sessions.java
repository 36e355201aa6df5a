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

  private static final Session NEW = new Session();

  private final Map<SessionId, Session> sessions = new HashMap<>();

  /** What to answer instead of applying the write; empty if it is new and may be applied. */
  Optional<Result> answerInstead(SessionId id, long number) {
    Session session = sessions.getOrDefault(id, NEW);
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
    return Optional.ofNullable(session.results.get(number));
  }

  /** Remembers what a write came to until the client acknowledges its number. */
  void applied(SessionId id, long number, Result result) {
    session(id).results.put(number, result);
  }

  /**
   * The client has no more use for anything up to {@code number}. A session begins with its first
   * write; before that there is nothing to remember but this.
   */
  void acknowledge(SessionId id, long number, boolean isWrite) {
    Session session = isWrite ? session(id) : sessions.get(id);
    if (session != null && number > session.acknowledged) {
      session.acknowledged = number;
      session.results.headMap(number, true).clear();
    }
  }

  private Session session(SessionId id) {
    return sessions.computeIfAbsent(id, unknown -> new Session());
  }
}
