package dev.paxoskv.paxos.protocol.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.Envelope;
import dev.paxoskv.paxos.protocol.Message.Decided;
import dev.paxoskv.paxos.protocol.Message.Done;
import dev.paxoskv.paxos.protocol.Message.Fetch;
import dev.paxoskv.paxos.protocol.Message.Request;
import dev.paxoskv.paxos.protocol.Talk.News;
import dev.paxoskv.paxos.protocol.Talk.Span;
import dev.paxoskv.paxos.protocol.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What a peer did not hear is told again, and what we did not get is asked for again. */
class RemindersTest {
  private static final int PEER = 2;
  private static final Value X = Value.of("x");

  private final Known known = new Known();
  private final Reminders reminders = new Reminders(known, 3, true);
  private long now;

  private static final class Known implements Reminders.Ground {
    final Map<Long, Value> decided = new TreeMap<>();
    final List<Request> told = new ArrayList<>();
    long floor;

    @Override
    public long floor() {
      return floor;
    }

    @Override
    public boolean isDecided(long seq) {
      return decided.containsKey(seq);
    }

    @Override
    public Optional<Value> decided(long seq) {
      return Optional.ofNullable(decided.get(seq));
    }

    @Override
    public void tell(int peer, Request request) {
      assertThat(peer).isEqualTo(PEER);
      told.add(request);
    }
  }

  @Test
  void aDecisionThatFailedIsToldAgainWithItsValue() {
    known.decided.put(4L, X);
    reminders.notTold(PEER, failed(new Decided(4, new Ballot(1, 0, 1), Optional.empty())));

    assertThat(ticks(9)).isEmpty();
    assertThat(ticks(1)).containsExactly(again(4));
    assertThat(ticks(5000)).as("it did not fail again").isEmpty();
  }

  @Test
  void thePauseDoublesWhileItFailsAndIsShortAgainAfterwards() {
    known.decided.put(4L, X);
    reminders.notTold(PEER, failed(again(4)));
    for (long pause : List.of(10L, 20L, 40L, 80L, 160L, 320L, 640L, 1000L, 1000L)) {
      assertThat(ticks(pause - 1)).as("before %d", pause).isEmpty();
      assertThat(ticks(1)).as("after %d", pause).containsExactly(again(4));
      reminders.notTold(PEER, failed(again(4)));
    }
    ticks(1000);
    assertThat(ticks(1000)).isEmpty();

    reminders.notTold(PEER, failed(again(4)));
    assertThat(ticks(9)).isEmpty();
    assertThat(ticks(1)).containsExactly(again(4));
  }

  @Test
  void newsThatFailedAreToldOneByOneAndWhatIsForgottenIsNot() {
    LongStream.rangeClosed(3, 9).forEach(seq -> known.decided.put(seq, X));
    News news = new News(new Ballot(1, 0, 1), List.of(new Span(3, 5), new Span(8, 9)));
    reminders.notTold(PEER, new Envelope(-1, 0, new Done(), Optional.of(news)));
    known.floor = 5;

    assertThat(ticks(10)).containsExactly(again(5), again(8), again(9));
  }

  @Test
  void aValueThatIsOnTheDiskIsLeftToTheOtherToAskFor() {
    reminders.notTold(PEER, failed(again(4)));
    assertThat(ticks(10)).containsExactly(new Decided(4, Ballot.ZERO, Optional.empty()));
  }

  @Test
  void theOldestAreKeptInMindAndFewLargeValuesGoAtATime() {
    Value large = Value.of(new byte[400_000]);
    for (long seq = 5000; seq >= 0; seq--) {
      known.decided.put(seq, large);
      reminders.notTold(PEER, failed(again(seq)));
    }
    List<Request> told = ticks(100_000);
    assertThat(told).hasSize(Reminders.INSTANCES_MAX);
    assertThat(told).startsWith(again(0, large)).endsWith(again(1023, large));

    reminders.notTold(PEER, failed(again(0)));
    reminders.notTold(PEER, failed(again(1)));
    reminders.notTold(PEER, failed(again(2)));
    reminders.notTold(PEER, failed(again(3)));
    assertThat(ticks(10)).containsExactly(again(0, large), again(1, large), again(2, large));
    assertThat(ticks(19)).isEmpty();
    assertThat(ticks(1)).containsExactly(again(3, large));
  }

  @Test
  void whatIsWantedIsAskedForUntilItIsThere() {
    reminders.ask(PEER, new Fetch(2, 4));
    assertThat(drain()).containsExactly(new Fetch(2, 4));
    assertThat(ticks(9)).isEmpty();
    assertThat(ticks(1)).containsExactly(new Fetch(2, 4));
    known.decided.put(3L, X);
    assertThat(ticks(19)).isEmpty();
    assertThat(ticks(1)).as("up to the hole").containsExactly(new Fetch(2, 2));
    known.decided.put(2L, X);
    reminders.onFetched(PEER);
    assertThat(drain()).as("at once").containsExactly(new Fetch(4, 4));
    reminders.onFetched(PEER);
    assertThat(drain()).as("this brought nothing that was wanted").isEmpty();
    known.floor = 5;
    assertThat(ticks(5000)).isEmpty();
  }

  @Test
  void aRangeWithoutEndIsAskedForInPartsAndCostsNoMore() {
    reminders.ask(PEER, new Fetch(7, Long.MAX_VALUE));
    drain();
    assertThat(ticks(10)).containsExactly(new Fetch(7, 7 + Reminders.INSTANCES_MAX - 1));
  }

  @Test
  void aStoreCatchesUpByItself() {
    Reminders store = new Reminders(known, 3, false);
    store.notTold(PEER, failed(again(4)));
    store.ask(PEER, new Fetch(5, 5));
    store.tick(5000);
    assertThat(drain()).containsExactly(new Fetch(5, 5));
  }

  private static Envelope failed(Request request) {
    return new Envelope(-1, request);
  }

  private static Decided again(long seq) {
    return again(seq, X);
  }

  private static Decided again(long seq, Value value) {
    return new Decided(seq, Ballot.ZERO, Optional.of(value));
  }

  private List<Request> ticks(long ticks) {
    for (long i = 0; i < ticks; i++) {
      reminders.tick(++now);
    }
    return drain();
  }

  private List<Request> drain() {
    List<Request> told = List.copyOf(known.told);
    known.told.clear();
    return told;
  }
}
