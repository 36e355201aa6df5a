package dev.paxoskv.server.machine;

import dev.paxoskv.proto.snapshot.SavedResult;
import dev.paxoskv.proto.snapshot.SavedSession;
import org.jspecify.annotations.Nullable;

/** What is remembered of one client, and its place among all others. */
final class Session {
  final SessionId id;
  final AnswerRing results = new AnswerRing();
  long acknowledged;

  /** Rises from use to use, over all sessions. */
  long used;

  /** The time of the batch in which it was used last. */
  long time;

  /** The one that was used last before this one, and the first after. */
  @Nullable
  Session older;

  @Nullable
  Session newer;

  /** The last walk that has, or must not have, this session as it is. */
  int walk;

  Session(SessionId id) {
    this.id = id;
  }

  SavedSession save() {
    SavedSession.Builder saved = SavedSession.newBuilder()
        .setHigh(id.high())
        .setLow(id.low())
        .setAcknowledged(acknowledged)
        .setUsed(used)
        .setTime(time);
    results.forEach(
        acknowledged, (number, result) -> saved.addResults(SavedResults.save(number, result)));
    return saved.build();
  }

  static Session of(SavedSession saved) {
    Session session = new Session(new SessionId(saved.getHigh(), saved.getLow()));
    session.acknowledged = saved.getAcknowledged();
    session.used = saved.getUsed();
    session.time = saved.getTime();
    for (SavedResult one : saved.getResultsList()) {
      session.results.put(session.acknowledged, one.getNumber(), SavedResults.restore(one));
    }
    return session;
  }
}
