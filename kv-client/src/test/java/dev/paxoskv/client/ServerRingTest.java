package dev.paxoskv.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.paxos.net.Address;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ServerRingTest {
  private static final List<Address> THREE =
      List.of(new Address("a", 1), new Address("b", 2), new Address("c", 3));
  private static final long MIN = ServerRing.PAUSE_NANOS_MIN;
  private static final long MAX = ServerRing.PAUSE_NANOS_MAX;

  /** Dice that always show the highest number. */
  private static final RandomGenerator LONGEST = new RandomGenerator() {
    @Override
    public long nextLong() {
      return -1;
    }

    @Override
    public long nextLong(long bound) {
      return bound - 1;
    }
  };

  private final AtomicLong clock = new AtomicLong(-7);

  @Test
  void beginsWithTheFirstAndGoesRound() {
    ServerRing ring = new ServerRing(THREE, clock::get, LONGEST);
    assertThat(ring.current().host()).isEqualTo("a");
    ring.failed();
    assertThat(ring.current().host()).isEqualTo("b");
    ring.failed();
    assertThat(ring.current().host()).isEqualTo("c");
    ring.failed();
    assertThat(ring.current().host()).isEqualTo("a");
  }

  @Test
  void waitsOnlyAfterAllHaveFailedAndThenLongerUpToTheCap() {
    ServerRing ring = new ServerRing(THREE, clock::get, LONGEST);
    assertThat(failures(ring, 6)).containsExactly(0, 0, MIN, 0, 0, 2 * MIN);
    assertThat(failures(ring, 3 * 40)).endsWith(0, 0, MAX);
  }

  @Test
  void theOnlyServerIsWaitedForEachTime() {
    ServerRing ring = new ServerRing(THREE.subList(0, 1), clock::get, LONGEST);
    assertThat(failures(ring, 7))
        .containsExactly(MIN, 2 * MIN, 4 * MIN, 8 * MIN, 16 * MIN, MAX, MAX);
    assertThat(ring.hasOthers()).isFalse();
  }

  @Test
  void anAnswerEndsTheBackOffAndStaysWithThatServer() {
    ServerRing ring = new ServerRing(THREE, clock::get, LONGEST);
    failures(ring, 7);
    ring.putOff();
    ring.answered();
    assertThat(ring.current().host()).isEqualTo("b");
    assertThat(ring.putOff()).isEqualTo(MIN);
    assertThat(failures(ring, 3)).containsExactly(0, 0, MIN);
  }

  @Test
  void leavesAServerThatOnlyPutsOffIfThereAreOthers() {
    ServerRing ring = new ServerRing(THREE, clock::get, LONGEST);
    ServerRing only = new ServerRing(THREE.subList(0, 1), clock::get, LONGEST);
    for (int i = 0; i < 3; i++) {
      assertThat(ring.isTimeToLeave()).isFalse();
      ring.putOff();
      only.putOff();
    }
    assertThat(ring.isTimeToLeave()).isTrue();
    assertThat(only.isTimeToLeave()).isFalse();
    ring.failed();
    assertThat(ring.isTimeToLeave()).isFalse();
  }

  @Test
  void pausesAreJitteredBetweenHalfAndFull() {
    for (int seed = 0; seed < 100; seed++) {
      ServerRing ring = new ServerRing(THREE, clock::get, new Random(seed));
      assertThat(ring.putOff()).isBetween(MIN / 2, MIN);
      assertThat(ring.putOff()).isBetween(MIN, 2 * MIN);
    }
  }

  @Test
  void looksForTheFirstAfterAWhileAndLaterEachTime() {
    ServerRing ring = new ServerRing(THREE, clock::get, LONGEST);
    assertThat(ring.isTimeToLook()).isFalse();
    ring.failed();
    for (long wait = ServerRing.LOOK_NANOS_MIN; wait < ServerRing.LOOK_NANOS_MAX; wait *= 2) {
      clock.addAndGet(wait - 1);
      assertThat(ring.isTimeToLook()).isFalse();
      clock.incrementAndGet();
      assertThat(ring.isTimeToLook()).isTrue();
      assertThat(ring.look().host()).isEqualTo("a");
      assertThat(ring.isTimeToLook()).isFalse();
      assertThat(ring.looked(false)).isFalse();
    }
    for (int i = 0; i < 40; i++) {
      clock.addAndGet(ServerRing.LOOK_NANOS_MAX);
      assertThat(ring.isTimeToLook()).isTrue();
      ring.look();
      ring.looked(false);
    }
  }

  @Test
  void doesNotGoBackWhereItIs() {
    ServerRing ring = new ServerRing(THREE, clock::get, LONGEST);
    ring.failed();
    clock.addAndGet(ServerRing.LOOK_NANOS_MIN);
    ring.look();
    failures(ring, 2);
    assertThat(ring.current().host()).isEqualTo("a");
    assertThat(ring.looked(true)).isFalse();
  }

  @Test
  void aReturnCountsForNothingUntilTheFirstHasAnsweredForAWhile() {
    ServerRing ring = new ServerRing(THREE, clock::get, LONGEST);
    ring.failed();
    comeHome(ring, ServerRing.LOOK_NANOS_MIN);
    clock.addAndGet(ServerRing.TRIAL_NANOS - 1);
    ring.answered();
    ring.failed();
    comeHome(ring, 2 * ServerRing.LOOK_NANOS_MIN);
    clock.addAndGet(ServerRing.TRIAL_NANOS);
    ring.answered();
    ring.failed();
    comeHome(ring, ServerRing.LOOK_NANOS_MIN);
  }

  private void comeHome(ServerRing ring, long waitNanos) {
    clock.addAndGet(waitNanos - 1);
    assertThat(ring.isTimeToLook()).isFalse();
    clock.incrementAndGet();
    assertThat(ring.isTimeToLook()).isTrue();
    ring.look();
    assertThat(ring.looked(true)).isTrue();
    ring.goHome();
    assertThat(ring.current().host()).isEqualTo("a");
  }

  private static long[] failures(ServerRing ring, int times) {
    return LongStream.range(0, times).map(i -> ring.failed()).toArray();
  }
}
