package dev.paxoskv.paxos.protocol.leader;

import static dev.paxoskv.paxos.protocol.leader.Ground.ballot;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.paxos.protocol.Message.RangePromise;
import dev.paxoskv.paxos.protocol.Message.Report;
import dev.paxoskv.paxos.protocol.Quorum;
import dev.paxoskv.paxos.protocol.Talk.News;
import dev.paxoskv.paxos.protocol.Talk.Span;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.paxos.protocol.Vote;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** One promise for all instances: whose counts, until when it is asked for, and when it ends. */
class LeadershipTest {
  private static final long OPEN = Long.MAX_VALUE;
  private static final Value X = Value.of("x");

  private final Ground ground = new Ground();
  private final Leadership leadership = new Leadership(0, new Quorum(3), ground);

  private static Report voted(long seq) {
    return new Report(seq, Optional.of(new Vote(ballot(0, 2), X)), Optional.empty());
  }

  private static Report decided(long seq) {
    return new Report(seq, Optional.empty(), Optional.of(X));
  }

  private void page(int from, long round, long first, long end, Report... said) {
    leadership.onRangePromise(from, new RangePromise(ballot(round, 0), first, end, List.of(said)));
  }

  private void noted(String... notes) {
    assertThat(ground.notes).containsExactly(notes);
    ground.notes.clear();
  }

  @Test
  void leadsWhenAMajorityHasToldAllAndProposesOnceWhatWasAccepted() {
    leadership.takeOver(1);
    noted("ask 1 from 0", "ask 2 from 0", "ask self from 0");
    page(0, 1, 0, OPEN);
    page(1, 1, 0, 5, voted(4));
    noted("ask 1 from 5");
    assertThat(leadership.isLeading()).isFalse();
    assertThat(leadership.opening(3)).as("not all is told yet").isEmpty();
    page(1, 1, 5, OPEN);
    noted("propose 4 x");
    assertThat(leadership.isLeading()).isTrue();
    page(2, 1, 0, OPEN, voted(4), decided(6));
    noted("learn 6 x");
  }

  @Test
  void countsUpToWhatWasReportedOrProposed() {
    Ground.lead(leadership, 1, voted(4));
    assertThat(leadership.reach()).isEqualTo(4);
    assertThat(leadership.opening(9)).isPresent();
    assertThat(leadership.reach()).isEqualTo(9);
    leadership.resign();
    assertThat(leadership.opening(9)).isEmpty();
  }

  @Test
  void aPromiseOfAnotherAttemptDoesNotCount() {
    leadership.takeOver(1);
    leadership.takeOver(2);
    ground.notes.clear();
    page(0, 1, 0, OPEN, decided(6));
    page(1, 1, 0, 5);
    page(2, 1, 0, OPEN);
    noted();
    assertThat(leadership.isLeading()).isFalse();
    page(0, 2, 0, OPEN);
    page(1, 2, 0, OPEN);
    assertThat(leadership.isLeading()).isTrue();
    leadership.resign();
    page(2, 2, 0, 5);
    noted();
  }

  @Test
  void whoHasNotToldAllIsAskedAgainFromWhereItStopped() {
    leadership.takeOver(1);
    page(0, 1, 0, OPEN);
    page(1, 1, 0, 5);
    ground.notes.clear();
    leadership.tick(10);
    noted();
    leadership.tick(11);
    noted("ask 1 from 5", "ask 2 from 0");
    leadership.tick(20);
    noted();
    leadership.tick(21);
    noted("ask 1 from 5", "ask 2 from 0");
  }

  @Test
  void anAttemptIsGivenUpWhenNothingComesForLong() {
    leadership.takeOver(1);
    leadership.tick(40);
    page(1, 1, 0, 5);
    leadership.tick(99);
    assertThat(leadership.isActive()).isTrue();
    leadership.tick(100);
    assertThat(leadership.isActive()).isFalse();
    Ground.lead(leadership, 101);
    leadership.tick(1000);
    assertThat(leadership.isLeading()).as("who leads waits for nothing").isTrue();
  }

  @Test
  void yieldsToAHigherBallotOnly() {
    leadership.takeOver(1);
    Ground.lead(leadership, 2);
    leadership.yieldTo(ballot(1, 2));
    leadership.yieldTo(leadership.ballot());
    assertThat(leadership.isLeading()).isTrue();
    leadership.yieldTo(ballot(2, 1));
    assertThat(leadership.isActive()).isFalse();
  }

  @Test
  void tellsOnlyWhatWasDecidedUnderItsOwnBallot() {
    Ground.lead(leadership, 1);
    assertThat(leadership.willTell(3, ballot(7, 0))).isFalse();
    assertThat(leadership.takeNews(1)).isEmpty();
    assertThat(leadership.willTell(4, ballot(1, 0))).isTrue();
    assertThat(leadership.takeNews(1)).contains(new News(ballot(1, 0), List.of(new Span(4, 4))));
  }

  @Test
  void saysSoWhenThereIsNoRoomForMoreNews() {
    Ground.lead(leadership, 1);
    for (long seq = 0; seq < 2L * News.SPANS_MAX; seq += 2) {
      assertThat(leadership.willTell(seq, ballot(1, 0))).isTrue();
    }
    assertThat(leadership.willTell(9999, ballot(1, 0))).isFalse();
  }

  @Test
  void whatOthersWantProposedIsBounded() {
    Inbox inbox = leadership.inbox();
    Value half = Value.of(new byte[(int) (Inbox.BYTES_MAX / 2)]);
    Value large = Value.of(new byte[(int) Inbox.BYTES_MAX + 1]);
    inbox.arrived(large);
    inbox.arrived(X);
    assertThat(inbox.take()).as("one alone may be larger").isEqualTo(large);
    assertThat(inbox.isEmpty()).as("the second had no room").isTrue();
    inbox.arrived(half);
    inbox.arrived(half);
    inbox.arrived(X);
    assertThat(inbox.take()).isEqualTo(half);
    inbox.arrived(X);
    assertThat(inbox.take()).isEqualTo(half);
    assertThat(inbox.take()).isEqualTo(X);
    assertThat(inbox.isEmpty()).isTrue();
  }
}
