package dev.paxoskv.paxos;

import dev.paxoskv.paxos.host.Host;
import dev.paxoskv.paxos.net.Address;
import dev.paxoskv.paxos.protocol.Quorum;
import dev.paxoskv.paxos.protocol.Status;
import dev.paxoskv.paxos.protocol.Value;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A Paxos peer: agrees with the other peers of its group on one value per instance, for any number
 * of instances at once.
 *
 * <pre>{@code
 * Paxos px = Paxos.make(List.of("127.0.0.1:7001", "127.0.0.1:7002", "127.0.0.1:7003"), 0);
 * px.start(0, "hello".getBytes(UTF_8));
 * Status status = px.status(0); // pending at first, decided soon
 * }</pre>
 *
 * <p>The peer keeps its state in memory. <b>Do not restart one while others of its group run</b>:
 * it has forgotten its promises and votes. Peers that have met it refuse it under a new boot id; a
 * peer that has not cannot know.
 *
 * <p>Thread-safe. {@link #start} and {@link #done} return at once; {@link #status}, {@link #max}
 * and {@link #min} answer from this peer's own state and ask nobody. A peer with nothing to do
 * sends nothing.
 */
public final class Paxos implements AutoCloseable {
  /** Largest value, in bytes. */
  public static final int VALUE_BYTES_MAX = 8 << 20;

  /**
   * Most bytes of values that one peer drives at a time, each counted with
   * {@value #DRIVING_OVERHEAD} more.
   */
  public static final long DRIVING_BYTES_MAX = 256L << 20;

  private static final int DRIVING_OVERHEAD = 1024;

  private final PaxosNode node;
  private final AtomicLong handedOver = new AtomicLong();

  /** Completes with the peer, however it ends. Made once: what hangs on a future stays there. */
  private final CompletableFuture<Void> over;

  private volatile long driven;

  private Paxos(NodeConfig config) {
    this.node = new PaxosNode(config);
    this.over = node.stopped().exceptionally(why -> null);
    node.onTick(this::measure);
    node.open();
  }

  /**
   * Makes the peer {@code me} of a group and starts to listen at its address.
   *
   * @param peers {@code HOST:PORT} of every peer, this one included; the same list, in the same
   *     order, at each; 1 to 63
   * @param me index of this peer in the list
   * @throws IllegalArgumentException if the list or the index is unusable, with a line that says
   *     why
   * @throws java.io.UncheckedIOException if the address cannot be listened at
   */
  public static Paxos make(List<String> peers, int me) {
    return open(NodeConfig.library(addresses(peers, me), me));
  }

  /** Makes a peer from its parts, for embedding and for tests that wrap the network. */
  public static Paxos open(NodeConfig config) {
    return new Paxos(config);
  }

  /**
   * Reads a list of peers.
   *
   * @throws IllegalArgumentException if an address is malformed or stands twice, or {@code me} is
   *     not an index of it
   */
  public static List<Address> addresses(List<String> peers, int me) {
    if (peers.isEmpty() || peers.size() > Quorum.PEERS_MAX) {
      throw new IllegalArgumentException(
          "a group has 1 to 63 peers, but " + peers.size() + " are listed");
    }
    if (me < 0 || me >= peers.size()) {
      throw new IllegalArgumentException(
          "own index " + me + " is not in the list of peers, which has 0 to " + (peers.size() - 1));
    }
    List<Address> addresses = peers.stream().map(Address::parse).toList();
    HashSet<Address> seen = new HashSet<>();
    for (Address address : addresses) {
      if (address.port() == 0) {
        throw new IllegalArgumentException(
            address + " in the list of peers has port 0, which nobody can dial");
      }
      if (!seen.add(address)) {
        throw new IllegalArgumentException(address + " stands twice in the list of peers");
      }
    }
    return addresses;
  }

  /**
   * Starts agreement on instance {@code seq}, proposing {@code value}, and returns at once. Ignored
   * below {@link #min}, if the instance is decided, or if this peer is driving it already.
   *
   * @param seq 0 or more
   * @param value up to {@value #VALUE_BYTES_MAX} bytes; not copied, so not to be changed afterwards
   * @throws IllegalArgumentException if an argument is out of range
   * @throws IllegalStateException if the peer is closed, or drives {@value #DRIVING_BYTES_MAX}
   *     bytes already
   */
  public void start(long seq, byte[] value) {
    checkSeq(seq);
    if (value.length > VALUE_BYTES_MAX) {
      throw new IllegalArgumentException(
          "a value of " + value.length + " bytes is over the limit of " + VALUE_BYTES_MAX);
    }
    long weight = (long) value.length + DRIVING_OVERHEAD;
    if (driven + handedOver.get() + weight > DRIVING_BYTES_MAX) {
      throw new IllegalStateException("this peer drives instances of " + driven
          + " bytes already, the limit is " + DRIVING_BYTES_MAX + "; wait for decisions");
    }
    handedOver.addAndGet(weight);
    node.execute(() -> {
      handedOver.addAndGet(-weight);
      node.host().start(seq, Value.of(value));
      measure();
      node.flushSoon();
    });
  }

  /**
   * Whether this peer has learnt a decision for {@code seq}, and which. Local. With a data
   * directory it waits for the disk if that alone has the value any more; so ask not from an
   * observer about what was decided long ago.
   */
  public Status status(long seq) {
    checkSeq(seq);
    CompletableFuture<Object> answer = new CompletableFuture<>();
    node.execute(() -> node.host().status(seq, answer::complete));
    if (node.isOnProtocolThread() && !answer.isDone()) {
      throw new IllegalStateException(
          "instance " + seq + " must be read from the disk, which an observer cannot wait for");
    }
    CompletableFuture.anyOf(answer, over).join();
    if (!answer.isDone()) {
      throw new IllegalStateException("this peer has stopped");
    }
    return (Status) answer.join();
  }

  /**
   * This peer's application needs no instance up to {@code seq} any more. Arguments may come in any
   * order.
   */
  public void done(long seq) {
    checkSeq(seq);
    node.execute(() -> {
      node.host().done(seq);
      node.flushSoon();
    });
  }

  /** The highest instance this peer knows of, or -1. */
  public long max() {
    return node.ask(Host::max);
  }

  /** One more than the lowest done mark of all peers: instances below are forgotten. */
  public long min() {
    return node.ask(Host::min);
  }

  /** Stops this peer. */
  @Override
  public void close() {
    node.close();
  }

  /** How many futures wait for the end of this peer. */
  int waitingForTheEnd() {
    return node.stopped().getNumberOfDependents() + over.getNumberOfDependents();
  }

  private void measure() {
    Host host = node.host();
    driven = host.drivingBytes() + (long) host.driving() * DRIVING_OVERHEAD;
  }

  private static void checkSeq(long seq) {
    if (seq < 0 || seq == Long.MAX_VALUE) {
      throw new IllegalArgumentException("instance " + seq + " is not in 0..2^63-2");
    }
  }
}
