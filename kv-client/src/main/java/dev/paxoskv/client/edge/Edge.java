package dev.paxoskv.client.edge;

import dev.paxoskv.paxos.net.Address;
import java.util.random.RandomGenerator;

/**
 * Everything around a client. Whatever it runs or tells, it does so on one thread of its own, one
 * after the other; {@link #nanos}, {@link #isOwnThread}, {@link #execute} and {@link #close} may be
 * called from any thread, the rest on its own.
 */
public interface Edge {

  /** The time, which never goes back; only differences mean anything. */
  long nanos();

  /** All chance of the client; not to repeat in any other client. */
  RandomGenerator dice();

  /** Whether the caller is on the edge's own thread, where nobody may wait for it. */
  boolean isOwnThread();

  /**
   * Runs {@code action} soon, after all that it was given before.
   *
   * @throws java.util.concurrent.RejectedExecutionException once closed
   */
  void execute(Runnable action);

  /** Runs {@code action} once, after {@code nanos}; not at all if it is closed by then. */
  void after(long nanos, Runnable action);

  /** Begins to connect; lost if it is not open after {@code openNanosMax}. */
  Connection dial(Address address, long openNanosMax, Connection.Listener listener);

  /**
   * Runs what it was given before, then {@code last}, and ends. Waits for that unless on its own
   * thread. A second call only waits.
   */
  void close(Runnable last);
}
