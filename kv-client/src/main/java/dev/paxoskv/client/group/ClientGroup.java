package dev.paxoskv.client.group;

import dev.paxoskv.client.ClientConfig;
import dev.paxoskv.client.KvClient;
import dev.paxoskv.client.edge.Edge;
import dev.paxoskv.client.edge.EdgeThreads;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Clients that share threads, for a program that has many of them: a client that is opened by
 * itself has a thread of its own, and a machine spends more on waking hundreds of threads than on
 * what they do. What a client's futures run when they complete holds up all clients on that thread
 * while it runs. Thread-safe.
 */
public final class ClientGroup implements AutoCloseable {
  /** Most threads. */
  public static final int THREADS_MAX = 256;

  private final EdgeThreads threads;
  private final Map<Object, KvClient> clients = new HashMap<>();
  private boolean isClosed;

  /**
   * A group without clients.
   *
   * @param threads over which its clients are spread, 1 to {@value #THREADS_MAX}; one serves some
   *     hundred thousand operations a second
   * @throws IllegalArgumentException if there are more, or none
   */
  public ClientGroup(int threads) {
    if (threads < 1 || threads > THREADS_MAX) {
      throw new IllegalArgumentException(threads + " threads are not between 1 and " + THREADS_MAX);
    }
    this.threads = new EdgeThreads(threads);
  }

  /**
   * As {@link KvClient#open(ClientConfig)}, on a thread of this group. The client can be closed by
   * itself, and is closed with the group.
   *
   * @throws IllegalStateException if the group is closed
   */
  public synchronized KvClient open(ClientConfig config) {
    if (isClosed) {
      throw new IllegalStateException("this group of clients is closed");
    }
    Object place = new Object();
    Edge edge = threads.edge(() -> forget(place));
    KvClient client = KvClient.open(config, edge);
    clients.put(place, client);
    return client;
  }

  /** How many clients are open. */
  public synchronized int size() {
    return clients.size();
  }

  /** Closes all clients and ends the threads. May be called more than once and on any thread. */
  @Override
  public void close() {
    // Not under the lock, as a client that is closed leaves the group.
    closing().forEach(KvClient::close);
    threads.close();
  }

  private synchronized List<KvClient> closing() {
    isClosed = true;
    return new ArrayList<>(clients.values());
  }

  private synchronized void forget(Object place) {
    clients.remove(place);
  }
}
