package dev.paxoskv.server.machine;

import dev.paxoskv.proto.kv.Limit;
import dev.paxoskv.proto.snapshot.SavedResult;
import dev.paxoskv.proto.snapshot.SavedSession;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which writes of which session have been applied, and what they came to. Part of the replicated
 * state: a client may repeat a write through any server, and the copy that is applied second must
 * find the first.
 */
final class Sessions {

  private static final class Session {
    private final AnswerRing results = new AnswerRing();
    private long acknowledged;
  }

  private static final Session NEW = new Session();

  private final Map<SessionId, Session> sessions = new HashMap<>();

  /** The commands of a session come in runs: the session that was found last, and its id. */
  private SessionId lastId = new SessionId(0, 0);

  private Optional<Session> last = Optional.empty();

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
    Session session = session(id);
    session.results.put(session.acknowledged, number, result);
  }

  /** The client has no more use for anything up to {@code number}. */
  void acknowledge(SessionId id, long number) {
    Session session = session(id);
    if (number > session.acknowledged) {
      session.results.drop(session.acknowledged, number);
      session.acknowledged = number;
    }
  }

  /** Everything remembered, in no order, as it is now. */
  List<SavedSession> save() {
    return sessions.entrySet().stream()
        .map(entry -> save(entry.getKey(), entry.getValue()))
        .toList();
  }

  private static SavedSession save(SessionId id, Session session) {
    SavedSession.Builder saved = SavedSession.newBuilder()
        .setHigh(id.high())
        .setLow(id.low())
        .setAcknowledged(session.acknowledged);
    session.results.forEach(session.acknowledged, (number, result) -> {
      SavedResult.Builder one = saved.addResultsBuilder().setNumber(number);
      if (result instanceof Result.Refused refused) {
        one.setRefused(refused.reason()).setIsFinal(refused.isFinal());
      }
    });
    return saved.build();
  }

  /** Takes up what was saved of one session. */
  void restore(SavedSession saved) {
    Session session = session(new SessionId(saved.getHigh(), saved.getLow()));
    session.acknowledged = saved.getAcknowledged();
    for (SavedResult one : saved.getResultsList()) {
      Result result = one.hasRefused()
          ? new Result.Refused(one.getRefused(), one.getIsFinal())
          : Result.APPLIED;
      session.results.put(session.acknowledged, one.getNumber(), result);
    }
  }

  private Session session(SessionId id) {
    Optional<Session> known = find(id);
    if (known.isEmpty()) {
      sessions.put(id, new Session());
    }
    return find(id).orElseThrow();
  }

  private Optional<Session> find(SessionId id) {
    if (last.isEmpty() || !id.equals(lastId)) {
      lastId = id;
      last = Optional.ofNullable(sessions.get(id));
    }
    return last;
  }
}
