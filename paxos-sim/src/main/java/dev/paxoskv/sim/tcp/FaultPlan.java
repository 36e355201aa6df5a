package dev.paxoskv.sim.tcp;

import dev.paxoskv.paxos.net.NettyTransport;
import dev.paxoskv.paxos.protocol.Envelope;
import dev.paxoskv.paxos.protocol.Message;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What goes wrong between the peers of one group. The test changes it at any time; the
 * {@link FaultyTransport} of every peer obeys it from its next message on.
 *
 * <p>Cuts and deafness stop requests only: an answer comes back on the connection of its request,
 * as in the course's suite, where a call that was let in is also let out.
 */
public final class FaultPlan {
  /** Seed of all dice of this run; {@code -Dpaxoskv.seed=...} sets it. */
  public static final long SEED =
      Long.getLong("paxoskv.seed", new SplittableRandom().nextLong(1_000_000_000));

  /** What the asker notices of a lost message. */
  public enum Loss {
    /** At once, that its request failed: as in the course's suite. */
    FAIL_FAST,
    /** Nothing: it has to time out. */
    SILENT
  }

  private static final int REQUESTS_LOST_OF_1000 = 100;
  private static final int ANSWERS_LOST_OF_1000 = 200;

  private record Link(int from, int to) {}

  private final Loss loss;
  private final Map<Integer, NettyTransport> networks = new ConcurrentHashMap<>();
  private final Set<Link> cuts = ConcurrentHashMap.newKeySet();
  private final Set<Integer> deaf = ConcurrentHashMap.newKeySet();
  // Replaced as a whole, so that a new partition takes effect everywhere at once. Empty: no
  // partition.
  private volatile Map<Integer, Integer> groups = Map.of();
  private volatile boolean isUnreliable;
  private final AtomicLong requestsLost = new AtomicLong();
  private final AtomicLong answersLost = new AtomicLong();

  public FaultPlan(Loss loss) {
    this.loss = loss;
  }

  /** Dice of their own for each {@code purpose}, all from one seed. */
  public static SplittableRandom dice(int purpose) {
    return new SplittableRandom(SEED * 31 + purpose);
  }

  /** No request of {@code from} reaches {@code to} any more. */
  public void cut(int from, int to) {
    cuts.add(new Link(from, to));
  }

  /**
   * Nobody's new requests reach {@code peer}; it can ask, and hears the answers to its own
   * requests.
   */
  public void deafen(int peer) {
    deaf.add(peer);
  }

  /** From now on only peers of the same group reach each other; who is in none reaches nobody. */
  public void partition(int[]... parts) {
    Map<Integer, Integer> next = new ConcurrentHashMap<>();
    for (int part = 0; part < parts.length; part++) {
      for (int peer : parts[part]) {
        next.put(peer, part);
      }
    }
    groups = next;
  }

  /** One group for each distinct number: peer i is in group {@code numbers[i]}. */
  public void partitionBy(int... numbers) {
    Map<Integer, Integer> next = new ConcurrentHashMap<>();
    for (int peer = 0; peer < numbers.length; peer++) {
      next.put(peer, numbers[peer]);
    }
    groups = next;
  }

  /** Ends all cuts, partitions and deafness; unreliability stays as it is. */
  public void heal() {
    cuts.clear();
    deaf.clear();
    groups = Map.of();
  }

  /**
   * Whether 10 % of the requests get lost, and of the others 20 % are carried out without an
   * answer.
   */
  public void unreliable(boolean isOn) {
    isUnreliable = isOn;
  }

  boolean losesRequest(int from, int to, SplittableRandom dice) {
    boolean isLost =
        isCut(from, to) || (isUnreliable && dice.nextInt(1000) < REQUESTS_LOST_OF_1000);
    requestsLost.addAndGet(isLost ? 1 : 0);
    return isLost;
  }

  boolean losesAnswer(SplittableRandom dice) {
    boolean isLost = isUnreliable && dice.nextInt(1000) < ANSWERS_LOST_OF_1000;
    answersLost.addAndGet(isLost ? 1 : 0);
    return isLost;
  }

  /** Requests that did not get through so far, cut off or lost. */
  public long requestsLost() {
    return requestsLost.get();
  }

  /** Answers that got lost so far. */
  public long answersLost() {
    return answersLost.get();
  }

  private boolean isCut(int from, int to) {
    Map<Integer, Integer> now = groups;
    boolean isApart = !now.isEmpty()
        && !(now.containsKey(from) && now.get(from).equals(now.getOrDefault(to, -1)));
    return isApart || deaf.contains(to) || cuts.contains(new Link(from, to));
  }

  void join(int peer, NettyTransport network) {
    networks.put(peer, network);
  }

  /** A request of {@code asker} to {@code peer} has failed, and this is all it can know. */
  void failed(int asker, int peer, Message.Request request) {
    NettyTransport network = networks.get(asker);
    if (loss == Loss.FAIL_FAST && network != null) {
      network.fail(peer, new Envelope(-1, request));
    }
  }

  @Override
  public String toString() {
    return "loss " + loss + (isUnreliable ? ", unreliable" : "") + ", deaf " + deaf + ", groups "
        + groups + ", cut " + Arrays.toString(cuts.toArray());
  }
}
