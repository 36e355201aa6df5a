package dev.paxoskv.server.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.paxos.protocol.Quorum;
import dev.paxoskv.proto.kv.HashStatement;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StateComparisonTest {
  private static final int EVERY = 8;

  /** Server {@code me} of {@code peers}, whose state is another from instance {@code parted} on. */
  private static StateComparison server(int me, int peers, long parted) {
    StateComparison server = new StateComparison(me, new Quorum(peers), EVERY);
    for (long seq = 0; seq < EVERY; seq++) {
      long hash = hash(seq) + (seq >= parted ? 100 * (me + 1) : 0);
      server.applied(seq, hash, seq == EVERY - 1);
    }
    return server;
  }

  private static long hash(long seq) {
    return 1000 * seq;
  }

  private static void statement(List<StateComparison> servers, int who) {
    HashStatement statement = servers.get(who).takeDue().orElseThrow();
    servers.forEach(server -> server.stated(statement));
  }

  @Test
  void equalStatesAreFine() {
    List<StateComparison> servers = List.of(server(0, 3, 99), server(1, 3, 99), server(2, 3, 99));
    for (int who = 0; who < 3; who++) {
      statement(servers, who);
    }
    assertThat(servers).allMatch(s -> s.fault().isEmpty() && s.doubt().isEmpty());
    assertThat(servers.get(0).takeDue()).isEmpty();
  }

  @Test
  void theMinorityHasToStopAndSaysWhereItParted() {
    List<StateComparison> servers = List.of(server(0, 3, 99), server(1, 3, 5), server(2, 3, 99));
    statement(servers, 0);
    // Only the one that differs knows yet that somebody does.
    assertThat(servers).extracting(s -> s.doubt().isPresent()).containsExactly(false, true, false);
    statement(servers, 1);
    statement(servers, 2);
    assertThat(servers).extracting(s -> s.fault().isPresent()).containsExactly(false, true, false);
    assertThat(servers.get(1).fault().orElseThrow())
        .startsWith("the states of server 1 and server 0 differ, first after instance 5 (state hash"
            + " after instance 7: 1c20 and 1b58); a majority agrees with the other: [0, 2].");
    assertThat(servers.get(0).doubt()).isEmpty();
    assertThat(servers.get(2).doubt()).isEmpty();
  }

  @Test
  void withoutAMajorityNobodyAnswersAndIfThereWillBeNoneThatIsSaid() {
    List<StateComparison> servers = List.of(server(0, 3, 2), server(1, 3, 3), server(2, 3, 4));
    statement(servers, 0);
    statement(servers, 1);
    assertThat(servers).allMatch(s -> s.doubt().isPresent() && s.fault().isEmpty());
    assertThat(servers.get(2).doubt().orElseThrow()).contains("more servers have to say");
    statement(servers, 2);
    // They go on, so that an operator can fetch what they have, and choose.
    assertThat(servers).allMatch(s -> s.doubt().isPresent() && s.fault().isEmpty());
    assertThat(servers.get(2).doubt().orElseThrow())
        .contains("who agrees with whom: [[0], [1], [2]]");
  }

  @Test
  void aLaterRoundTakesTheDoubtAway() {
    List<StateComparison> servers = List.of(server(0, 3, 99), server(1, 3, 5), server(2, 3, 99));
    HashStatement wrong = servers.get(1).takeDue().orElseThrow();
    StateComparison right = servers.get(0);
    right.stated(wrong);
    assertThat(right.doubt()).isPresent();
    // Server 1 is heard of no more; the statements of the others got lost.
    servers.get(2).takeDue();
    for (long seq = EVERY; seq < 2 * EVERY; seq++) {
      right.applied(seq, hash(seq), true);
      servers.get(2).applied(seq, hash(seq), true);
    }
    right.stated(servers.get(2).takeDue().orElseThrow());
    assertThat(right.doubt()).isEmpty();
    assertThat(right.fault()).isEmpty();
  }

  @Test
  void ofTwoServersThatDifferNeitherAnswers() {
    List<StateComparison> servers = List.of(server(0, 2, 99), server(1, 2, 0));
    statement(servers, 0);
    statement(servers, 1);
    assertThat(servers).allMatch(s -> s.doubt().isPresent() && s.fault().isEmpty());
    assertThat(servers.get(0).doubt().orElseThrow()).contains("first at or before instance 0");
  }

  @Test
  void aLateStatementOfWhatWasBeforeTakesNoDoubtAway() {
    List<StateComparison> servers = List.of(server(0, 3, 99), server(1, 3, 99), server(2, 3, 99));
    HashStatement late = servers.get(1).takeDue().orElseThrow();
    StateComparison right = servers.get(0);
    right.takeDue();
    for (long seq = EVERY; seq < 2 * EVERY; seq++) {
      right.applied(seq, hash(seq), seq == EVERY + 4);
      servers.get(1).applied(seq, hash(seq) + (seq > EVERY + 2 ? 1 : 0), seq == EVERY + 4);
    }
    HashStatement wrong = servers.get(1).takeDue().orElseThrow();
    right.stated(wrong);
    assertThat(right.sound()).isEqualTo(EVERY + 1);
    right.stated(late);
    assertThat(right.doubt()).isPresent();
    assertThat(right.sound()).isEqualTo(EVERY + 1);
  }

  @Test
  void inDoubtWhatIsSoundEndsWhereTheyParted() {
    List<StateComparison> servers = List.of(server(0, 3, 99), server(1, 3, 5), server(2, 3, 99));
    assertThat(servers).allMatch(s -> s.sound() == Long.MAX_VALUE);
    statement(servers, 0);
    statement(servers, 1);
    assertThat(servers.get(0).sound()).isEqualTo(3);
    assertThat(servers.get(1).sound()).isEqualTo(3);
    statement(servers, 2);
    assertThat(servers.get(0).sound()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void ifTheyMayHavePartedBeforeNothingIsSoundButWhatAMajorityHadBefore() {
    List<StateComparison> servers = List.of(server(0, 3, 99), server(1, 3, 0), server(2, 3, 99));
    statement(servers, 1);
    assertThat(servers.get(0).sound()).isNegative();
    statement(servers, 2);
    for (StateComparison server : servers) {
      for (long seq = EVERY; seq < 2 * EVERY; seq++) {
        server.applied(seq, hash(seq) + 7, seq == EVERY);
      }
    }
    HashStatement other =
        HashStatement.newBuilder().setServer(1).setLast(EVERY).addHashes(1).build();
    servers.get(0).stated(other);
    assertThat(servers.get(0).sound()).isEqualTo(EVERY - 2);
  }

  @Test
  void oneThatBeganInBetweenComparesWhatItKnows() {
    StateComparison late = new StateComparison(2, new Quorum(3), EVERY);
    for (long seq = 3; seq < EVERY; seq++) {
      late.applied(seq, hash(seq) + 1, true);
    }
    List<StateComparison> servers = List.of(server(0, 3, 99), server(1, 3, 99), late);
    // It does not know whether the others had their round before it began.
    assertThat(late.takeDue()).isEmpty();
    statement(servers, 0);
    statement(servers, 1);
    assertThat(late.fault().orElseThrow()).contains("first at or before instance 3");
    assertThat(servers.get(0).fault()).isEmpty();
  }

  @Test
  void whatIsTooOldOrNonsenseSaysNothing() {
    StateComparison server = server(0, 3, 99);
    HashStatement old = server(1, 3, 0).takeDue().orElseThrow();
    for (long seq = EVERY; seq < 20 * EVERY; seq++) {
      server.applied(seq, hash(seq), true);
    }
    server.stated(old);
    server.stated(HashStatement.newBuilder().setServer(1).setLast(19 * EVERY).build());
    server.stated(
        HashStatement.newBuilder().setServer(7).setLast(19 * EVERY).addHashes(1).build());
    assertThat(server.doubt()).isEmpty();
    assertThat(server.fault()).isEmpty();
  }

  @Test
  void aServerAloneHasNobodyToCompareWith() {
    assertThat(server(0, 1, 99).takeDue()).isEmpty();
  }

  @Test
  void aRoundBeginsWithTheFirstCommandAndOnlyOnce() {
    StateComparison server = server(0, 3, 99);
    server.takeDue();
    for (long seq = EVERY; seq < 3 * EVERY; seq++) {
      server.applied(seq, hash(seq), seq == EVERY + 3 || seq == EVERY + 4);
      assertThat(server.takeDue().map(HashStatement::getLast))
          .isEqualTo(seq == EVERY + 3 ? Optional.of(seq) : Optional.empty());
    }
  }

  @Test
  void aStatementTellsOfAllInstancesSinceTheRoundBefore() {
    StateComparison server = server(0, 3, 99);
    server.takeDue();
    for (long seq = EVERY; seq < 3 * EVERY - 1; seq++) {
      server.applied(seq, hash(seq), seq == EVERY || seq == 3 * EVERY - 2);
    }
    assertThat(server.takeDue().orElseThrow().getHashesList())
        .hasSize(2 * EVERY - 2)
        .startsWith(hash(EVERY + 1))
        .endsWith(hash(3 * EVERY - 2));
  }

  @Test
  void whoKnowsOfADifferenceSaysItsOwnUntilThatStandsInTheLog() {
    List<StateComparison> servers = List.of(server(0, 3, 99), server(1, 3, 5), server(2, 3, 99));
    statement(servers, 1);
    servers.get(0).takeDue();
    servers.get(2).takeDue();
    // Lost, both. There may be no next round, as nobody takes writes.
    servers.forEach(StateComparison::repeat);
    assertThat(servers.get(1).takeDue()).isEmpty();
    statement(servers, 0);
    statement(servers, 2);
    assertThat(servers.get(1).fault()).isPresent();
    assertThat(servers).extracting(s -> s.doubt().isPresent()).startsWith(false).endsWith(false);
    servers.forEach(StateComparison::repeat);
    assertThat(servers.get(0).takeDue()).isEmpty();
  }

  @Test
  void whoHadAnotherStateInAnEarlierLifeSaysWhatItHasNow() {
    StateComparison right = server(0, 3, 99);
    StateComparison again = server(1, 3, 99);
    again.takeDue();
    for (StateComparison before : List.of(server(1, 3, 5), server(0, 3, 99))) {
      HashStatement statement = before.takeDue().orElseThrow();
      right.stated(statement);
      again.stated(statement);
    }
    right.takeDue();
    assertThat(right.doubt()).isPresent();
    assertThat(again.doubt().orElseThrow())
        .startsWith("the states of server 1 and what it had in an earlier life differ, first");
    // Nobody else is there to decide it, and nobody else need be.
    right.repeat();
    again.repeat();
    assertThat(right.takeDue()).isEmpty();
    statement(List.of(right, again, server(2, 3, 99)), 1);
    assertThat(List.of(right, again))
        .allMatch(s -> s.doubt().isEmpty() && s.fault().isEmpty());
    again.repeat();
    assertThat(again.takeDue()).isEmpty();
  }

  @Test
  void equalStatesAreNotSaidAgain() {
    List<StateComparison> servers = List.of(server(0, 3, 99), server(1, 3, 99), server(2, 3, 99));
    statement(servers, 1);
    servers.get(0).takeDue();
    servers.get(0).repeat();
    assertThat(servers.get(0).takeDue()).isEmpty();
  }

  @Test
  void aLateStatementForWhatAMajorityHasAgreedOnRaisesNoDoubt() {
    List<StateComparison> servers = List.of(server(0, 3, 99), server(1, 3, 5), server(2, 3, 99));
    HashStatement late = servers.get(1).takeDue().orElseThrow();
    StateComparison right = servers.get(0);
    for (long seq = EVERY; seq < 2 * EVERY; seq++) {
      right.applied(seq, hash(seq), true);
      servers.get(2).applied(seq, hash(seq), true);
    }
    right.stated(servers.get(2).takeDue().orElseThrow());
    right.stated(late);
    assertThat(right.doubt()).isEmpty();
  }

  /** Begins with what {@code giver} has saved after its newest instance. */
  private static StateComparison copy(int me, StateComparison giver, int peers) {
    StateComparison copy = new StateComparison(me, new Quorum(peers), EVERY);
    copy.restore(giver.saved().orElseThrow(), EVERY - 1);
    return copy;
  }

  /** All go on to the next round, in which they differ by so much. */
  private static void goOn(List<StateComparison> servers, long... by) {
    for (long seq = EVERY; seq < 2 * EVERY; seq++) {
      for (int who = 0; who < servers.size(); who++) {
        servers.get(who).applied(seq, hash(seq) + by[who], seq == 2 * EVERY - 1);
      }
    }
  }

  @Test
  void aServerAndItsCopyAreOneWitness() {
    StateComparison wrong = server(1, 3, 5);
    List<StateComparison> servers = List.of(server(0, 3, 99), wrong, copy(2, wrong, 3));
    servers.forEach(StateComparison::takeDue);
    goOn(servers, 0, 7, 7);
    for (int who = 0; who < 3; who++) {
      statement(servers, who);
    }
    assertThat(servers).allMatch(s -> s.doubt().isPresent() && s.fault().isEmpty());
    assertThat(servers.get(0).doubt().orElseThrow()).contains("[[0], [1, 2]]");
  }

  @Test
  void aCopyOfWhatBothHadIsAWitnessBesideItsGiver() {
    StateComparison giver = server(1, 3, 99);
    List<StateComparison> servers = List.of(server(0, 3, 99), giver, copy(2, giver, 3));
    servers.forEach(StateComparison::takeDue);
    for (long seq = EVERY; seq < 2 * EVERY; seq++) {
      servers.get(0).applied(seq, hash(seq) + (seq > EVERY + 2 ? 1 : 0), seq == 2 * EVERY - 1);
      servers.get(1).applied(seq, hash(seq), seq == 2 * EVERY - 1);
      servers.get(2).applied(seq, hash(seq), seq == 2 * EVERY - 1);
    }
    statement(servers, 2);
    statement(servers, 1);
    assertThat(servers).extracting(s -> s.fault().isPresent()).containsExactly(true, false, false);
  }

  @Test
  void aCopyOfACopyIsNoOtherWitnessEither() {
    StateComparison wrong = server(1, 5, 5);
    StateComparison copy = copy(2, wrong, 5);
    StateComparison copyOfCopy = copy(3, copy, 5);
    StateComparison right = server(0, 5, 99);
    List<StateComparison> servers = List.of(right, wrong, copy, copyOfCopy);
    servers.forEach(StateComparison::takeDue);
    goOn(servers, 0, 7, 7, 7);
    for (int who : List.of(1, 3, 2)) {
      statement(servers, who);
    }
    assertThat(right.fault()).isEmpty();
    assertThat(right.doubt()).isPresent();
  }

  @Test
  void aCopyIsAWitnessBesideOthersThanItsGiver() {
    StateComparison giver = server(1, 3, 99);
    List<StateComparison> servers = List.of(server(0, 3, 99), giver, copy(2, giver, 3));
    servers.forEach(StateComparison::takeDue);
    goOn(servers, 0, 7, 0);
    for (int who = 0; who < 3; who++) {
      statement(servers, who);
    }
    assertThat(servers).extracting(s -> s.fault().isPresent()).containsExactly(false, true, false);
    assertThat(servers.get(2).saved().orElseThrow().getDescent()).isZero();
  }

  @Test
  void whatAllHaveIsRightThoughItIsOfOneDescent() {
    StateComparison first = server(0, 3, 99);
    List<StateComparison> servers = List.of(first, copy(1, first, 3), copy(2, first, 3));
    servers.forEach(StateComparison::takeDue);
    goOn(servers, 0, 0, 0);
    statement(servers, 0);
    statement(servers, 1);
    assertThat(servers.get(0).saved().orElseThrow().getAgreed()).isNegative();
    statement(servers, 2);
    assertThat(servers)
        .extracting(s -> s.saved().orElseThrow())
        .allMatch(saved -> saved.getAgreed() == 2 * EVERY - 1 && saved.getDescent() == 0);
  }

  @Test
  void whoBeginsAgainKnowsOfTheDoubt() {
    List<StateComparison> servers = List.of(server(0, 3, 99), server(1, 3, 5), server(2, 3, 99));
    statement(servers, 1);
    StateComparison again = copy(0, servers.get(0), 3);
    assertThat(again.doubt())
        .isEqualTo(servers
            .get(0)
            .doubt()
            .map(doubt -> doubt.replace("after instance 5 ", "at or before instance 7 ")));
    assertThat(again.sound()).isNegative();
    // Nor has it forgotten what it had there itself.
    again.repeat();
    assertThat(again.takeDue().orElseThrow().getHashesList()).containsExactly(hash(EVERY - 1));
    again.stated(servers.get(2).takeDue().orElseThrow());
    assertThat(again.doubt()).isEmpty();
    assertThat(again.saved().orElseThrow().getStatementsList()).isEmpty();
  }

  @Test
  void whoBeginsAgainComparesWhatIsSaidLater() {
    StateComparison again = copy(0, copy(0, server(0, 3, 99), 3), 3);
    again.applied(EVERY, hash(EVERY), false);
    again.stated(server(1, 3, 5).takeDue().orElseThrow());
    assertThat(again.doubt()).isPresent();
  }

  @Test
  void aServerAloneSavesNothingOfOthers() {
    assertThat(server(0, 1, 99).saved()).isEmpty();
  }
}
