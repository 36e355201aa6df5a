package dev.paxoskv.paxos.journal;

import java.io.IOException;
import java.util.function.Consumer;

/**
 * Port to whoever does the journal's blocking work: a thread of its own in production, virtual time
 * in the simulator.
 */
public interface JournalWorker {

  /** Work that blocks and may fail. */
  interface Work<T> {
    T perform() throws IOException;
  }

  /**
   * Performs {@code work} after all work given before, off the protocol thread, then hands its
   * result to {@code then} on the protocol thread. If the work fails, nothing is known about the
   * disk: {@code then} is not called, no more work is done, and the peer must stop.
   */
  <T> void run(Work<T> work, Consumer<T> then);

  /**
   * Takes the work given last back if nothing of it has begun. Returns whether it has: then it is
   * never performed and its {@code then} never called.
   */
  boolean takeBack();
}
