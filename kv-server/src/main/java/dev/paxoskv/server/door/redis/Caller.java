package dev.paxoskv.server.door.redis;

/** What is known of one client. */
final class Caller {
  private final long id;
  private String name = "";
  private boolean isLeaving;

  Caller(long id) {
    this.id = id;
  }

  /** Of no other client of this server's life. */
  long id() {
    return id;
  }

  /** What it calls itself; empty if it does not. */
  String name() {
    return name;
  }

  void name(String given) {
    name = given;
  }

  /** Whether the connection is to end once everything so far is answered. */
  boolean isLeaving() {
    return isLeaving;
  }

  void leave() {
    isLeaving = true;
  }
}
