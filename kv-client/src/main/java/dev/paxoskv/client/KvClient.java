package dev.paxoskv.client;

import com.google.protobuf.ByteString;
import dev.paxoskv.client.edge.Edge;
import dev.paxoskv.client.edge.NettyEdge;
import dev.paxoskv.paxos.net.Address;
import dev.paxoskv.proto.kv.Append;
import dev.paxoskv.proto.kv.Command;
import dev.paxoskv.proto.kv.Get;
import dev.paxoskv.proto.kv.Limit;
import dev.paxoskv.proto.kv.Put;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;

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

  private final ClientConfig config;
  private final Edge edge;
  private final Failover failover;
  private final Admission admission = new Admission(IN_FLIGHT_MAX, IN_FLIGHT_BYTES_MAX);
  private final Set<StatusProbe> probes = ConcurrentHashMap.newKeySet();
  private volatile boolean isClosed;

  private KvClient(ClientConfig config, Edge edge) {
    this.config = config;
    this.edge = edge;
    this.failover = new Failover(
        edge,
        new ServerRing(config.addresses(), edge.dice()),
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
    return new KvClient(config, new NettyEdge());
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
    Put put = Put.newBuilder().setKey(key(key)).setValue(value(value)).build();
    return submit(Command.newBuilder().setPut(put).build(), found -> null);
  }

  /** Adds to the end of the key's value; on a missing key the same as a put. */
  public CompletableFuture<Void> appendAsync(byte[] key, byte[] value) {
    Append append = Append.newBuilder().setKey(key(key)).setValue(value(value)).build();
    return submit(Command.newBuilder().setAppend(append).build(), found -> null);
  }

  /** The key's value, empty if there is none; never older than the call. */
  public CompletableFuture<Optional<byte[]>> getAsync(byte[] key) {
    Get get = Get.newBuilder().setKey(key(key)).build();
    return submit(Command.newBuilder().setGet(get).build(), found -> found);
  }

  /**
   * Waits for {@link #putAsync}.
   *
   * @throws KvException if it fails; an interrupt while waiting is an unknown outcome
   */
  public void put(byte[] key, byte[] value) {
    refuseOnOwnThread();
    await(putAsync(key, value), OutcomeUnknownException::new);
  }

  /**
   * Waits for {@link #appendAsync}.
   *
   * @throws KvException if it fails; an interrupt while waiting is an unknown outcome
   */
  public void append(byte[] key, byte[] value) {
    refuseOnOwnThread();
    await(appendAsync(key, value), OutcomeUnknownException::new);
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

  /**
   * Asks one server, which need not be one of the client's, how it is. Fails with
   * {@link NotAppliedException} if it has not answered within the timeout, or 3 s if that is
   * shorter.
   *
   * @param server {@code HOST:PORT}
   * @throws IllegalArgumentException if it is not of that form
   */
  public CompletableFuture<ServerStatus> statusOf(String server) {
    Address address = ClientConfig.address(server);
    Duration timeout =
        config.timeout().compareTo(STATUS_TIMEOUT_MAX) < 0 ? config.timeout() : STATUS_TIMEOUT_MAX;
    StatusProbe probe = new StatusProbe(edge, address, timeout.toNanos());
    probes.add(probe);
    probe.result().whenComplete((status, why) -> probes.remove(probe));
    onLoop(probe::ask, () -> probe.fail(CLOSED));
    return probe.result();
  }

  /**
   * Ends all operations in flight, as not applied or unknown, and frees threads and connection. May
   * be called more than once and on any thread.
   */
  @Override
  public void close() {
    isClosed = true;
    edge.close(() -> {
      failover.close();
      probes.forEach(probe -> probe.fail(CLOSED));
    });
  }

  private <T> CompletableFuture<T> submit(Command request, Function<Optional<byte[]>, T> reading) {
    int bytes = request.getSerializedSize();
    Optional<String> refusal = admission.enter(bytes);
    if (refusal.isPresent()) {
      return CompletableFuture.failedFuture(new NotAppliedException(refusal.get()));
    }
    CompletableFuture<T> result = new CompletableFuture<>();
    Operation.Outcome outcome = new Operation.Outcome() {
      @Override
      public void succeeded(Optional<byte[]> found) {
        admission.leave(bytes);
        result.complete(reading.apply(found));
      }

      @Override
      public void failed(KvException why) {
        admission.leave(bytes);
        result.completeExceptionally(why);
      }
    };
    long deadlineNanos = edge.nanos() + config.timeout().toNanos();
    Operation operation = new Operation(request, deadlineNanos, outcome);
    onLoop(() -> failover.submit(operation), () -> outcome.failed(new NotAppliedException(CLOSED)));
    return result;
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

  private static ByteString key(byte[] key) {
    requireSize("key", key.length, 1, Limit.KEY_BYTES_MAX_VALUE);
    return ByteString.copyFrom(key);
  }

  private static ByteString value(byte[] value) {
    requireSize("value", value.length, 0, Limit.VALUE_BYTES_MAX_VALUE);
    return ByteString.copyFrom(value);
  }

  private static void requireSize(String what, int bytes, int least, int most) {
    if (bytes < least || bytes > most) {
      throw new IllegalArgumentException(
          "a " + what + " of " + bytes + " bytes; it must be " + least + " to " + most);
    }
  }
}
