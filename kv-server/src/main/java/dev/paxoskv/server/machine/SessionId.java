package dev.paxoskv.server.machine;

/**
 * The name of a session: the instance in which it was opened; in the lowest bits which command of
 * that instance opened it, from 1, so that no two sessions of a log have the same; above them bits
 * that its client has drawn, so that nor do, but by a chance that does not count, those of another
 * log: a client may meet a store that begins anew from a backup, or in memory.
 */
public record SessionId(long high, long low) {
  /** More commands than this has bits for are not in the largest batch. */
  private static final int PLACE_BITS = 24;

  /** Opened by command {@code place} of the instance; the client has drawn {@code drawn}. */
  static SessionId opened(long seq, int place, long drawn) {
    return new SessionId(seq, drawn << PLACE_BITS | place);
  }

  /** Spelt out, as every server looks sessions up for every command. */
  @Override
  public int hashCode() {
    return Long.hashCode(high + low * 0x9e3779b97f4a7c15L);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SessionId that && low == that.low && high == that.high;
  }
}
