package dev.paxoskv.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.paxos.host.Host;
import dev.paxoskv.paxos.host.Transport;
import dev.paxoskv.paxos.protocol.Envelope;
import dev.paxoskv.paxos.protocol.Message;
import dev.paxoskv.paxos.protocol.Status;
import dev.paxoskv.paxos.protocol.Talk;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.paxos.protocol.roles.Effect;
import dev.paxoskv.sim.check.Witness;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * A group in virtual time under the faults of the course's suite, which befall calls: while
 * unreliable, of 1000 requests 100 never arrive, and of the others 200 are carried out but their
 * answer is lost. A cut stops new requests only; the answer to what was let in is let out. With an
 * even seed the asker is told of a failed call at once, as in the course's suite; with an odd one
 * it hears nothing and has to time out. Of four seeds the last two have the group choose a leader,
 * whose heartbeats are not counted.
 */
public final class CourseGroup {
  public static final long MILLI = 1000;
  public static final long SECOND = 1000 * MILLI;

  private static final int REQUESTS_LOST_OF_1000 = 100;
  private static final int ANSWERS_LOST_OF_1000 = 200;
  private static final int POLLS = 30;

  /** Where the course's suite waits without a limit. */
  private static final long LONG_MICROS = 120 * SECOND;

  private final Dice dice;
  private final RandomGenerator loss;
  private final SimCluster cluster;
  private final boolean leads;
  private final boolean[] isDeaf;
  private final boolean[] isAbsent;
  private final int[] part;
  private boolean isUnreliable;
  private long requests;
  private long requestsLost;
  private long answersLost;

  /** A group of {@code size}, all of them running. */
  public CourseGroup(int size, long seed) {
    dice = new Dice(seed);
    loss = dice.fork("calls", 0);
    isDeaf = new boolean[size];
    isAbsent = new boolean[size];
    part = new int[size];
    leads = seed % 4 >= 2;
    cluster = new SimCluster(new SimCluster.Setup(size, dice, 0, counter(), this::calls, leads));
    long delayMax = 100 + dice.fork("delay", 0).nextLong(2000);
    cluster.network().behave(new LinkFaults(50, delayMax, 0, 0, 0));
  }

  /** Whether it chooses a leader. */
  public boolean leads() {
    return leads;
  }

  private Witness counter() {
    return new Witness() {
      @Override
      public void arrived(Hop hop) {
        boolean isHeartbeat = hop.message() instanceof Talk.Ping;
        requests += hop.message() instanceof Message.Request && !isHeartbeat ? 1 : 0;
      }
    };
  }

  private Transport calls(int me, Transport network) {
    return new Transport() {
      @Override
      public void send(int peer, Envelope envelope) {
        if (isApart(me, peer) || isLost(REQUESTS_LOST_OF_1000)) {
          requestsLost++;
          fail(me, peer, envelope);
        } else {
          network.send(peer, envelope);
        }
      }

      @Override
      public void reply(Effect.Connection connection, Envelope envelope) {
        if (isLost(ANSWERS_LOST_OF_1000)) {
          answersLost++;
          SimNetwork.Asked asked = (SimNetwork.Asked) connection;
          fail(asked.by(), me, new Envelope(-1, asked.question()));
        } else {
          network.reply(connection, envelope);
        }
      }

      @Override
      public void flush() {
        network.flush();
      }
    };
  }

  private boolean isApart(int from, int to) {
    return isAbsent[to] || isDeaf[to] || part[from] != part[to];
  }

  private boolean isLost(int of1000) {
    return isUnreliable && loss.nextInt(1000) < of1000;
  }

  private void fail(int asker, int peer, Envelope request) {
    if (dice.seed() % 2 == 0) {
      cluster.simulator().after(0, () -> cluster.host(asker).sendFailed(peer, request));
    }
  }

  /** Dice of their own for each {@code purpose}. */
  public RandomGenerator dice(String purpose) {
    return dice.fork(purpose, 0);
  }

  public int size() {
    return cluster.peers();
  }

  public Host peer(int index) {
    return cluster.host(index);
  }

  public List<Host> peers() {
    return IntStream.range(0, size()).mapToObj(this::peer).toList();
  }

  /** {@code peer} does not run yet. Nothing is kept for it. */
  public void absent(int peer) {
    isAbsent[peer] = true;
    cluster.freeze(peer);
  }

  /** {@code peer}, absent until now, begins. */
  public void join(int peer) {
    isAbsent[peer] = false;
    cluster.resume(peer);
  }

  /** Proposes the text of {@code value} at {@code peer}. */
  public void start(int peer, long seq, Object value) {
    cluster.start(peer, seq, Value.of(value.toString()));
  }

  public void done(int peer, long seq) {
    cluster.done(peer, seq);
  }

  /** Requests no longer reach {@code peer}; it can ask, and hears the answers. */
  public void deafen(int peer) {
    isDeaf[peer] = true;
  }

  /** From now on only peers of the same group reach each other. */
  public void partition(int[]... groups) {
    for (int group = 0; group < groups.length; group++) {
      for (int peer : groups[group]) {
        part[peer] = group;
      }
    }
  }

  /** Puts each peer into one of three groups. */
  public void partitionAtRandom(RandomGenerator dice) {
    Arrays.setAll(part, peer -> dice.nextInt(3));
  }

  public void heal() {
    Arrays.fill(part, 0);
    Arrays.fill(isDeaf, false);
  }

  public void unreliable(boolean isOn) {
    isUnreliable = isOn;
  }

  /** Requests that have arrived so far, counted where they arrive. */
  public long requests() {
    return requests;
  }

  /** Requests that did not arrive, cut off or lost. */
  public long requestsLost() {
    return requestsLost;
  }

  public long answersLost() {
    return answersLost;
  }

  public long nowMicros() {
    return cluster.simulator().nowMicros();
  }

  public void run(long micros) {
    cluster.run(micros);
  }

  /** Repeats {@code action} with pauses of 0 to {@code millis - 1}, until {@code endMicros}. */
  public void background(int millis, long endMicros, RandomGenerator dice, Runnable action) {
    if (nowMicros() < endMicros) {
      action.run();
      // What takes no time at all on a machine takes some here, or time would stand still.
      long pause = Math.max(MILLI / 10, dice.nextInt(millis) * MILLI);
      cluster.simulator().after(pause, () -> background(millis, endMicros, dice, action));
    }
  }

  /** How many peers know {@code seq} as decided; fails if two of them differ. */
  public int decided(long seq) {
    int count = 0;
    Optional<Value> agreed = Optional.empty();
    for (int peer = 0; peer < size(); peer++) {
      Status status = peer(peer).status(seq);
      if (status.isDecided()) {
        count++;
        if (agreed.isPresent() && !agreed.equals(status.value())) {
          throw new AssertionError("instance " + seq + " is both " + agreed + " and " + status);
        }
        agreed = status.value();
      }
    }
    return count;
  }

  /** The text of the value that the peers agree on; some must know it. */
  public String decision(long seq) {
    decided(seq);
    return peers().stream()
        .flatMap(peer -> peer.status(seq).value().stream())
        .map(Value::toString)
        .findFirst()
        .orElseThrow();
  }

  /** Polls from 10 ms, doubling up to 1.28 s, for 30.7 s in all. */
  public void awaitDecided(long seq, int wanted) {
    long pause = 10 * MILLI;
    for (int poll = 0; poll < POLLS && decided(seq) < wanted; poll++) {
      run(pause);
      pause = pause < SECOND ? 2 * pause : pause;
    }
    assertThat(decided(seq)).as("know instance %d", seq).isGreaterThanOrEqualTo(wanted);
  }

  public void awaitDecidedByAll(long seq) {
    awaitDecided(seq, size());
  }

  public void awaitMajority(long seq) {
    awaitDecided(seq, size() / 2 + 1);
  }

  /** Polls at a fixed interval, for a very long time. */
  public void polling(long intervalMicros, BooleanSupplier condition) {
    long end = nowMicros() + LONG_MICROS;
    while (!condition.getAsBoolean()) {
      if (nowMicros() >= end) {
        throw new AssertionError("waited for " + LONG_MICROS / SECOND + " s in vain");
      }
      run(intervalMicros);
    }
  }

  /** Neither more nor fewer than {@code count} know {@code seq} all through {@code micros}. */
  public void staysDecidedBy(int count, long seq, long micros) {
    for (long end = nowMicros() + micros; nowMicros() < end; run(10 * MILLI)) {
      assertThat(decided(seq)).as("know instance %d", seq).isEqualTo(count);
    }
    assertThat(decided(seq)).as("know instance %d", seq).isEqualTo(count);
  }
}
