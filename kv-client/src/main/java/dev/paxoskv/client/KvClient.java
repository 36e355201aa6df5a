package dev.paxoskv.client;

import dev.paxoskv.client.data.Page;
import dev.paxoskv.client.data.Write;
import dev.paxoskv.client.edge.Edge;
import dev.paxoskv.client.edge.EdgeThreads;
import dev.paxoskv.client.history.Recorder;
import dev.paxoskv.paxos.net.Address;
import dev.paxoskv.proto.kv.Command;
import dev.paxoskv.proto.kv.Explain;
import dev.paxoskv.proto.kv.Explanation;
import dev.paxoskv.proto.kv.Reply;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A client of the store. Safe for any number of threads; one is enough for a process.
 *
 * <p>Each call is one operation that takes effect at most once, however often it is sent again and
 * through whichever server. It ends within the timeout, in one of three ways: it succeeds; it fails
 * with {@link NotAppliedException}, having had no effect; or it fails with
 * {@link OutcomeUnknownException}, which only a write can. Operations in flight at the same time
 * have no order among themselves.
 *
 * <p>Keys are 1 to 4096 bytes, values 0 to 1 MiB; other sizes throw
 * {@link IllegalArgumentException} before anything is sent. At most {@value #IN_FLIGHT_MAX}
 * operations and {@value #IN_FLIGHT_BYTES_MAX} bytes may be in flight; beyond that an operation
 * fails at once with {@link NotAppliedException}.
 *
 * <p>Futures complete on the client's own thread, which must not be blocked: what hangs on them is
 * to be short, and the blocking calls throw {@link IllegalStateException} there. To cancel a future
 * does not stop its operation.
 */
public final class KvClient implements AutoCloseable {
  /** Most operations in flight. */
  public static final int IN_FLIGHT_MAX = 1024;

  /** Most bytes of keys and values in flight. */
  public static final long IN_FLIGHT_BYTES_MAX = 32L << 20;

  private static final Duration STATUS_TIMEOUT_MAX = Duration.ofSeconds(3);

  private static final String CLOSED = "the client is closed";

  private final String name = Recorder.nextClient();
  private final ClientConfig config;
  private final Edge edge;
  private final Failover failover;
  private final Admission admission = new Admission(IN_FLIGHT_MAX, IN_FLIGHT_BYTES_MAX);
  private final Set<Probe<?>> probes = ConcurrentHashMap.newKeySet();
  private volatile boolean isClosed;

  private KvClient(ClientConfig config, Edge edge) {
    this.config = config;
    this.edge = edge;
    this.failover = new Failover(
        edge,
        new ServerRing(config.addresses(), edge::nanos, edge.dice()),
        new Operations(edge::nanos, config.late().toNanos(), edge.dice()),
        config.tryTimeout());
  }

  /**
   * As {@link #open(ClientConfig)}, with the default timeout.
   *
   * @param servers each {@code HOST:PORT}
   */
  public static KvClient open(List<String> servers) {
    return open(ClientConfig.of(servers));
  }

  /** Opens a client; it connects when there is something to ask. */
  public static KvClient open(ClientConfig config) {
    return new KvClient(config, EdgeThreads.alone());
  }

  /**
   * Opens a client in surroundings of the caller's making, in virtual time for instance; it closes
   * them with itself.
   */
  public static KvClient open(ClientConfig config, Edge edge) {
    return new KvClient(config, edge);
  }

  /** Sets the key to the value, whatever it was. */
  public CompletableFuture<Void> putAsync(byte[] key, byte[] value) {
    return submit(Requests.put(key, value), reply -> null);
  }

  /** Adds to the end of the key's value; on a missing key the same as a put. */
  public CompletableFuture<Void> appendAsync(byte[] key, byte[] value) {
    return submit(Requests.append(key, value), reply -> null);
  }

  /** The key's value, empty if there is none; never older than the call. */
  public CompletableFuture<Optional<byte[]>> getAsync(byte[] key) {
    return submit(Requests.get(key), Requests::found);
  }

  /** Takes the key's value away; false if it had none. */
  public CompletableFuture<Boolean> deleteAsync(byte[] key) {
    return submit(Requests.delete(key), Reply::hasApplied);
  }

  /**
   * Sets the key to the value if its value is {@code expected}, or, if that is empty, if it has
   * none; false if that was not so. Value and expected value together are at most 1 MiB.
   */
  public CompletableFuture<Boolean> compareAndSetAsync(
      byte[] key, Optional<byte[]> expected, byte[] value) {
    return submit(Requests.compareAndSet(key, expected, value), Reply::hasApplied);
  }

  /**
   * Does all the writes at one moment, in their order: 1 to 8192 of them, with keys and values of 1
   * MiB together.
   */
  public CompletableFuture<Void> writeAllAsync(List<Write> writes) {
    return submit(Requests.writeAll(writes), reply -> null);
  }

  /**
   * A page of the entries whose keys begin with {@code prefix}; never older than the call. It holds
   * as many entries as asked for or as go into 512 KiB, and one at least if there is one.
   *
   * @param after any bytes, behind which the page begins; empty for the first page
   * @param entriesMax 1 to 1000
   */
  public CompletableFuture<Page> scanAsync(byte[] prefix, byte[] after, int entriesMax) {
    return submit(Requests.scan(prefix, after, entriesMax), Requests::page);
  }

  /**
   * Waits for {@link #putAsync}.
   *
   * @throws KvException if it fails; an interrupt while waiting is an unknown outcome
   */
  public void put(byte[] key, byte[] value) {
    awaitWrite(() -> putAsync(key, value));
  }

  /** Waits for {@link #appendAsync}, as {@link #put} does. */
  public void append(byte[] key, byte[] value) {
    awaitWrite(() -> appendAsync(key, value));
  }

  /** Waits for {@link #deleteAsync}, as {@link #put} does. */
  public boolean delete(byte[] key) {
    return awaitWrite(() -> deleteAsync(key));
  }

  /** Waits for {@link #compareAndSetAsync}, as {@link #put} does. */
  public boolean compareAndSet(byte[] key, Optional<byte[]> expected, byte[] value) {
    return awaitWrite(() -> compareAndSetAsync(key, expected, value));
  }

  /** Waits for {@link #writeAllAsync}, as {@link #put} does. */
  public void writeAll(List<Write> writes) {
    awaitWrite(() -> writeAllAsync(writes));
  }

  /**
   * Waits for {@link #getAsync}.
   *
   * @throws NotAppliedException if it fails or the thread is interrupted while waiting
   */
  public Optional<byte[]> get(byte[] key) {
    refuseOnOwnThread();
    return await(getAsync(key), NotAppliedException::new);
  }

  /** Waits for {@link #scanAsync}, as {@link #get} does. */
  public Page scan(byte[] prefix, byte[] after, int entriesMax) {
    refuseOnOwnThread();
    return await(scanAsync(prefix, after, entriesMax), NotAppliedException::new);
  }

  /**
   * Asks one server, which need not be one of the client's, how it is. Fails with
   * {@link NotAppliedException} if it has not answered within the timeout, or 3 s if that is
   * shorter.
   *
   * @param server {@code HOST:PORT}
   * @throws IllegalArgumentException if it is not of that form
   */
  public CompletableFuture<ServerStatus> statusOf(String server) {
    return ask(server, Probe.Question.status());
  }

  /**
   * Asks one server what it knows of an instance of the log, for people. Fails as
   * {@link #statusOf}.
   *
   * @param server {@code HOST:PORT}
   * @throws IllegalArgumentException if it is not of that form
   */
  public CompletableFuture<Explanation> explain(String server, Explain question) {
    return ask(server, Probe.Question.explain(question));
  }

  private <T> CompletableFuture<T> ask(String server, Probe.Question<T> question) {
    Address address = ClientConfig.address(server);
    Duration timeout =
        config.timeout().compareTo(STATUS_TIMEOUT_MAX) < 0 ? config.timeout() : STATUS_TIMEOUT_MAX;
    Probe<T> probe = new Probe<>(edge, question, address, timeout.toNanos());
    probes.add(probe);
    probe.result().whenComplete((answer, why) -> probes.remove(probe));
    onLoop(probe::ask, () -> probe.fail(CLOSED));
    return probe.result();
  }

  /**
   * Ends all operations in flight, as not applied or unknown, and frees threads and connection. May
   * be called more than once and on any thread. If what a future runs when it completes holds up
   * the client's thread, this waits for it, 10 s at most.
   */
  @Override
  public void close() {
    isClosed = true;
    edge.close(() -> {
      failover.close();
      probes.forEach(probe -> probe.fail(CLOSED));
    });
  }

  private <T> CompletableFuture<T> submit(Command request, Function<Reply, T> reading) {
    int bytes = request.getSerializedSize();
    Optional<String> refusal = admission.enter(bytes);
    if (refusal.isPresent()) {
      return CompletableFuture.failedFuture(new NotAppliedException(refusal.get()));
    }
    Optional<Recorder.Entry> entry =
        config.recorder().map(recorder -> recorder.begun(name, request));
    Pledge<T> pledge = new Pledge<>(reading, () -> admission.leave(bytes), entry);
    long deadlineNanos = edge.nanos() + config.timeout().toNanos();
    Operation operation = new Operation(request, deadlineNanos, pledge);
    onLoop(() -> failover.submit(operation), () -> pledge.failed(new NotAppliedException(CLOSED)));
    return pledge.result();
  }

  /**
   * Runs {@code task} on the edge's thread, or {@code otherwise} if the client is closed. The edge
   * runs what it took before it ends, and the last of that is what {@link #close} gave it.
   */
  private void onLoop(Runnable task, Runnable otherwise) {
    if (edge.isOwnThread() && !isClosed) {
      task.run();
      return;
    }
    try {
      edge.execute(() -> {
        Runnable next = isClosed ? otherwise : task;
        next.run();
      });
    } catch (RejectedExecutionException e) {
      otherwise.run();
    }
  }

  private <T> T awaitWrite(Supplier<CompletableFuture<T>> write) {
    refuseOnOwnThread();
    return await(write.get(), OutcomeUnknownException::new);
  }

  private void refuseOnOwnThread() {
    if (edge.isOwnThread()) {
      throw new IllegalStateException(
          "a blocking call on the client's own thread would wait for ever; use the async one");
    }
  }

  private static <T> T await(CompletableFuture<T> result, Function<String, KvException> failure) {
    try {
      return result.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure.apply("interrupted while waiting for the answer");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof KvException known) {
        throw known;
      }
      throw new IllegalStateException(e);
    }
  }
}
