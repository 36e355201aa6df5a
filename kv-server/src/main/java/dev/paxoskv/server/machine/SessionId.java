package dev.paxoskv.server.machine;

/** The 128 random bits by which a client names its session. */
public record SessionId(long high, long low) {}
