package dev.paxoskv.server.door;

/**
 * Bytes that all clients of one server together make it hold, each way. One client's share has a
 * limit of its own; this is for many of them at once. Event loop only.
 */
public final class Budget {
  /** Most bytes of frames that were begun and have not come in whole. */
  static final long BEGUN_BYTES_MAX = 128L << 20;

  /** Most bytes of answers that were written and not taken. */
  static final long UNREAD_BYTES_MAX = 128L << 20;

  private long begun;
  private long unread;

  public void addBegun(long bytes) {
    begun += bytes;
  }

  public void addUnread(long bytes) {
    unread += bytes;
  }

  /** Bytes of answers that were written and not taken. */
  public long unread() {
    return unread;
  }

  boolean isBegunTooMuch() {
    return begun > BEGUN_BYTES_MAX;
  }

  public boolean isUnreadTooMuch() {
    return unread > UNREAD_BYTES_MAX;
  }
}
