package dev.paxoskv.paxos.protocol.leader;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.Message.RangePromise;
import dev.paxoskv.paxos.protocol.Message.Report;
import dev.paxoskv.paxos.protocol.Quorum;
import dev.paxoskv.paxos.protocol.Talk.News;
import dev.paxoskv.paxos.protocol.Talk.Span;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.paxos.protocol.Vote;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a majority has said about each instance of a range, and what it has not. */
class ReportsTest {
  private static final Ballot B = ballot(5);
  private static final long OPEN = Long.MAX_VALUE;
  private static final Vote X = new Vote(ballot(2), Value.of("x"));
  private static final Vote Y = new Vote(ballot(3), Value.of("y"));

  private final Reports reports = new Reports(new Quorum(3), B);

  private static Ballot ballot(long round) {
    return new Ballot(round, 1, 1);
  }

  private void page(int from, long first, long end, Report... said) {
    reports.add(from, new RangePromise(B, first, end, List.of(said)));
  }

  private static Report voted(long seq, Vote vote) {
    return new Report(seq, Optional.of(vote), Optional.empty());
  }

  private static Report taken(long seq) {
    return new Report(seq, Optional.empty(), Optional.empty());
  }

  private static Optional<Leadership.Opening> opened(Vote... highest) {
    return Optional.of(new Leadership.Opening(B, List.of(highest).stream().findFirst()));
  }

  @Test
  void aMajorityOpensWhatItCoversAndNothingElse() {
    page(0, 4, OPEN);
    assertThat(reports.opening(4)).isEmpty();
    page(1, 4, 9);
    assertThat(reports.opening(3)).isEmpty();
    assertThat(reports.opening(8)).isEqualTo(opened());
    assertThat(reports.opening(9)).isEmpty();
    assertThat(reports.isComplete()).isFalse();
    page(1, 9, OPEN);
    assertThat(reports.opening(9)).isEqualTo(opened());
    assertThat(reports.isComplete()).isTrue();
  }

  @Test
  void onePeerCountsOnceHoweverOftenItSpeaks() {
    page(0, 0, OPEN);
    page(0, 0, OPEN);
    assertThat(reports.opening(1)).isEmpty();
    assertThat(reports.isComplete()).isFalse();
  }

  @Test
  void theHighestVoteIsTaken() {
    page(0, 0, OPEN, voted(1, Y));
    page(1, 0, OPEN, voted(1, X));
    assertThat(reports.opening(1)).isEqualTo(opened(Y));
    assertThat(reports.opening(2)).isEqualTo(opened());
    assertThat(reports.votes()).hasSize(1);
    page(0, 0, OPEN, voted(3, X));
    page(1, 0, OPEN, voted(3, Y));
    assertThat(reports.opening(3)).as("in whatever order").isEqualTo(opened(Y));
  }

  @Test
  void reachesUpToWhatWasToldOrForgottenOrOpened() {
    assertThat(reports.reach()).isEqualTo(-1);
    page(0, 4, OPEN);
    assertThat(reports.reach()).as("forgotten up to there").isEqualTo(3);
    page(1, 0, OPEN, taken(6));
    assertThat(reports.reach()).isEqualTo(6);
    assertThat(reports.opening(5)).isPresent();
    assertThat(reports.reach()).isEqualTo(6);
    assertThat(reports.opening(9)).isPresent();
    assertThat(reports.reach()).isEqualTo(9);
  }

  @Test
  void whatIsDecidedNeedNotBeKept() {
    page(0, 0, OPEN, voted(1, X), voted(2, X), voted(3, X));
    reports.forgetBelow(2);
    assertThat(reports.votes()).extracting(Map.Entry::getKey).containsExactly(2L, 3L);
  }

  @Test
  void aRefusalInOneInstanceIsNoPromiseThere() {
    page(0, 0, OPEN, taken(1));
    page(1, 0, OPEN, voted(2, new Vote(B, Value.of("z"))));
    assertThat(reports.opening(1)).isEmpty();
    assertThat(reports.opening(2)).isEmpty();
    assertThat(reports.opening(3)).isEqualTo(opened());
    page(2, 0, OPEN, voted(1, X));
    assertThat(reports.opening(1)).isEqualTo(opened(X));
  }

  @Test
  void behindAGapCoverageBeginsAnew() {
    page(0, 0, 5);
    page(0, 7, OPEN);
    page(1, 0, OPEN);
    assertThat(reports.opening(4)).isEmpty();
    assertThat(reports.opening(6)).isEmpty();
    assertThat(reports.opening(7)).isEqualTo(opened());
  }

  @Test
  void anOldPageDoesNotTakeBackALaterOne() {
    page(0, 0, 5);
    page(0, 5, OPEN);
    page(0, 0, 5);
    assertThat(reports.isComplete(0)).isTrue();
    assertThat(reports.next(1, 3)).isEqualTo(3);
  }

  @Test
  void newsAreJoinedAndToldOnce() {
    Messenger messenger = new Messenger(2);
    for (long seq : new long[] {4, 5, 6, 9}) {
      assertThat(messenger.decided(seq, B)).isTrue();
    }
    assertThat(messenger.callsFor(1)).isTrue();
    assertThat(messenger.callsFor(1)).isFalse();
    assertThat(messenger.take(1)).contains(new News(B, List.of(new Span(4, 6), new Span(9, 9))));
    assertThat(messenger.take(1)).isEmpty();
    assertThat(messenger.callsFor(1)).isFalse();
  }

  @Test
  void newsOfTwoBallotsDoNotMixAndAreBounded() {
    Messenger messenger = new Messenger(2);
    assertThat(messenger.decided(4, B)).isTrue();
    assertThat(messenger.decided(5, ballot(6))).isFalse();
    messenger.take(0);
    messenger.take(1);
    assertThat(messenger.decided(5, ballot(6))).isTrue();
    for (long seq = 7; seq < 5 + 2L * News.SPANS_MAX; seq += 2) {
      assertThat(messenger.decided(seq, ballot(6))).isTrue();
    }
    assertThat(messenger.decided(9999, ballot(6))).isFalse();
  }

  @Test
  void aSpanIsBounded() {
    Span span = new Span(4, 4 + Span.LENGTH_MAX - 2);
    assertThat(span.isFollowedBy(4 + Span.LENGTH_MAX - 1)).isTrue();
    Span full = new Span(4, 4 + Span.LENGTH_MAX - 1);
    assertThat(full.isFollowedBy(4 + Span.LENGTH_MAX)).isFalse();
    assertThat(span.isFollowedBy(4 + Span.LENGTH_MAX)).as("a gap").isFalse();
  }
}
