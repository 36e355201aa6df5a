package dev.paxoskv.paxos;

import dev.paxoskv.paxos.meter.Histogram;

/** How the disk of a peer's data directory does, for those who look after it. */
public interface NodeDisk {

  /** Whether it has room for new work; always in memory. Protocol thread only. */
  boolean hasRoom();

  /** For how long it has been at the piece of work it is at, in nanoseconds; 0 if idle. */
  long busyNanos();

  /** How long the syncs took that the log and the identity have asked for; none in memory. */
  Histogram syncNanos();

  /**
   * In how many files of the log rot was found and mended since the start. Protocol thread only.
   */
  long mended();
}
