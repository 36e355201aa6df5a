package dev.paxoskv.server.machine;

/** The 128 random bits by which a client names its session. */
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
