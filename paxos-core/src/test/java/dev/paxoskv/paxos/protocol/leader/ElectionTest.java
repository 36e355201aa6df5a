package dev.paxoskv.paxos.protocol.leader;

import static dev.paxoskv.paxos.protocol.leader.Ground.ballot;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.Quorum;
import dev.paxoskv.paxos.protocol.Talk.Ping;
import dev.paxoskv.paxos.protocol.Talk.Pong;
import org.junit.jupiter.api.Test;

/** Whose claim to lead holds, who is reached, and who takes over. */
class ElectionTest {
  private static final int TIMEOUT = Election.TIMEOUT_TICKS;
  private static final Fitness UNFIT = new Fitness(false, true);

  private final Ground ground = new Ground();
  private final Leadership leadership = new Leadership(0, new Quorum(3), ground);
  private final Election election = new Election(0, new Quorum(3), leadership, ground, () -> 0L);

  private void claims(int peer, long sent, Ballot ballot) {
    election.onPing(peer, new Ping(sent, ballot));
  }

  private static Pong pong(long sent) {
    return new Pong(sent, false, false, true);
  }

  @Test
  void aClaimIsWithdrawnByWhoeverMadeItAndByNoOlderWord() {
    claims(1, 5, ballot(5, 1));
    claims(2, 9, Ballot.ZERO);
    claims(1, 4, Ballot.ZERO);
    claims(1, 5, Ballot.ZERO);
    assertThat(election.leader()).isEqualTo(1);
    claims(1, 6, Ballot.ZERO);
    assertThat(election.leader()).isEqualTo(-1);
  }

  @Test
  void theHigherClaimHoldsUntilItHasNotBeenHeardForLong() {
    claims(1, 5, ballot(5, 1));
    claims(2, 5, ballot(3, 2));
    assertThat(election.leader()).isEqualTo(1);
    claims(2, 6, ballot(7, 2));
    assertThat(election.leader()).isEqualTo(2);
    election.tick(TIMEOUT - 1, Fitness.GOOD);
    claims(1, 9, ballot(5, 1));
    assertThat(election.leader()).isEqualTo(2);
    election.tick(TIMEOUT, Fitness.GOOD);
    assertThat(election.leader()).isEqualTo(-1);
    claims(1, 9, ballot(5, 1));
    assertThat(election.leader()).isEqualTo(1);
  }

  @Test
  void aLeaderYieldsToAHigherClaimOnly() {
    Ground.lead(leadership, 1);
    claims(2, 5, Ballot.ZERO);
    assertThat(election.leader()).isZero();
    assertThat(election.onPing(2, new Ping(6, Ballot.ZERO)))
        .isEqualTo(new Pong(6, true, true, true));
    claims(2, 7, ballot(1, 2));
    assertThat(leadership.isLeading()).isFalse();
    assertThat(election.leader()).isEqualTo(2);
  }

  @Test
  void theWayToALeaderThatDoesNotAnswerIsARelay() {
    claims(1, 5, ballot(5, 1));
    assertThat(election.reachesLeader()).isFalse();
    assertThat(election.way()).isEqualTo(-1);
    election.onPong(2, new Pong(0, true, true, true));
    assertThat(election.way()).isEqualTo(2);
    assertThat(election.isRelay(2)).isTrue();
    assertThat(election.isRelay(1)).isFalse();
    election.onPong(1, pong(0));
    assertThat(election.way()).isEqualTo(1);
    assertThat(election.isRelay(1)).as("the leader itself is none").isFalse();
    election.tick(TIMEOUT + 1, Fitness.GOOD);
    election.onPong(1, pong(TIMEOUT + 1));
    assertThat(election.reachesLeader()).as("it answers, but leads no more").isFalse();
  }

  @Test
  void whoIsFitAndAnsweredTakesOverWhenNobodyIsHeard() {
    campaign(1, 2 * TIMEOUT, UNFIT);
    assertThat(ground.notes).as("nobody was asked").isEmpty();
    campaign(2 * TIMEOUT, 3 * TIMEOUT, Fitness.GOOD);
    assertThat(leadership.isActive()).isTrue();
    election.tick(3 * TIMEOUT + 1, UNFIT);
    assertThat(leadership.isActive()).isFalse();
  }

  /** Else peers that start together would take over from each other. */
  @Test
  void nobodyTakesOverBeforeATimeoutHasPassed() {
    campaign(1, 1 + TIMEOUT, Fitness.GOOD);
    assertThat(leadership.isActive()).isFalse();
    campaign(1 + TIMEOUT, 1 + TIMEOUT + Election.PERIOD_TICKS, Fitness.GOOD);
    assertThat(leadership.isActive()).isTrue();
  }

  @Test
  void whoHearsALeaderOrHearsOfOneDoesNotTakeOver() {
    for (long tick = 1; tick < 4 * TIMEOUT; tick++) {
      election.onPong(1, new Pong(tick - 1, true, false, true));
      election.tick(tick, Fitness.GOOD);
    }
    assertThat(leadership.isActive()).isFalse();
    for (long tick = 4 * TIMEOUT; tick < 8 * TIMEOUT; tick++) {
      claims(1, tick, ballot(5, 1));
      election.onPong(1, pong(tick - 1));
      election.tick(tick, Fitness.GOOD);
    }
    assertThat(leadership.isActive()).isFalse();
  }

  @Test
  void anAnswerIsOvertakenAndOneFromAnEarlierLifeIsNone() {
    Answers answers = new Answers();
    answers.tick(10);
    answers.add(1, new Pong(11, true, true, true));
    assertThat(answers.recent().has(1))
        .as("it answers a question of the future")
        .isFalse();
    answers.add(1, new Pong(10, true, true, true));
    answers.add(1, new Pong(9, false, false, true));
    assertThat(answers.recent(Pong::hearsLeader).has(1)).isTrue();
    answers.tick(10 + TIMEOUT);
    assertThat(answers.recent().has(1)).isTrue();
    answers.tick(11 + TIMEOUT);
    assertThat(answers.recent().has(1)).isFalse();
  }

  /** Peer 1 answers all the time and hears of nobody. */
  private void campaign(long from, long to, Fitness fitness) {
    for (long tick = from; tick < to; tick++) {
      election.onPong(1, pong(tick - 1));
      election.tick(tick, fitness);
    }
  }
}
