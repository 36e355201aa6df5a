package dev.paxoskv.server.service;

/** Lets tests elsewhere see how much a server keeps for commands without an answer. */
public final class PendingProbe {
  private PendingProbe() {}

  /** Commands admitted and not answered. */
  public static int count(Pending pending) {
    return pending.count();
  }

  /** Whether the limits hold, with room for the command that reached them. */
  public static boolean isBounded(Pending pending) {
    return pending.count() <= Admission.PENDING_MAX
        && pending.bytes() >= 0
        && pending.bytes() <= Admission.PENDING_BYTES_MAX;
  }
}
