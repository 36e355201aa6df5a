package dev.paxoskv.server.machine;

import org.jspecify.annotations.Nullable;

/** All sessions, in the order in which they were used last. */
final class SessionOrder {
  private @Nullable Session oldest;
  private @Nullable Session newest;

  @Nullable
  Session oldest() {
    return oldest;
  }

  @Nullable
  Session newest() {
    return newest;
  }

  /** Adds one that is not there, as the one used last. */
  void add(Session session) {
    session.older = newest;
    session.newer = null;
    if (newest == null) {
      oldest = session;
    } else {
      newest.newer = session;
    }
    newest = session;
  }

  void remove(Session session) {
    if (session.older == null) {
      oldest = session.newer;
    } else {
      session.older.newer = session.newer;
    }
    if (session.newer == null) {
      newest = session.older;
    } else {
      session.newer.older = session.older;
    }
    session.older = null;
    session.newer = null;
  }
}
