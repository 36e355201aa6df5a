package dev.paxoskv.server.machine;

/**
 * The name of a session: the instance in which it was opened, and which command of that instance
 * opened it, from 1. So no two sessions ever have the same, and nobody draws it.
 */
public record SessionId(long high, long low) {
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
