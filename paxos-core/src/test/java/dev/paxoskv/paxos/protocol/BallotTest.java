package dev.paxoskv.paxos.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paxoskv.paxos.protocol.Quorum.PeerSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ballots are totally ordered, and any two majorities share a peer. */
class BallotTest {

  @Test
  void roundThenPeerThenIncarnation() {
    List<Ballot> ascending = List.of(
        Ballot.ZERO,
        new Ballot(1, 0, 9),
        new Ballot(1, 1, 0),
        new Ballot(1, 1, 1),
        new Ballot(1, 2, 0),
        new Ballot(2, 0, 0));
    for (int i = 0; i < ascending.size(); i++) {
      for (int j = 0; j < ascending.size(); j++) {
        Ballot a = ascending.get(i);
        Ballot b = ascending.get(j);
        assertThat(Integer.signum(a.compareTo(b))).isEqualTo(Integer.signum(i - j));
        assertThat(a.isAbove(b)).isEqualTo(i > j);
        assertThat(a.isAtLeast(b)).isEqualTo(i >= j);
        assertThat(a.equals(b)).isEqualTo(i == j);
      }
    }
  }

  @ParameterizedTest(name = "{0} peers")
  @CsvSource({"1,1", "2,2", "3,2", "4,3", "5,3", "6,4", "7,4", "63,32"})
  void quorumIsMoreThanHalf(int peers, int size) {
    Quorum quorum = new Quorum(peers);
    assertThat(quorum.size()).isEqualTo(size);
    PeerSet set = PeerSet.EMPTY;
    for (int peer = 0; peer < peers; peer++) {
      assertThat(quorum.isReached(set)).isEqualTo(peer >= size);
      assertThat(quorum.isOutOfReach(set)).isEqualTo(peers - peer < size);
      set = set.with(peer).with(peer);
      assertThat(set.size()).isEqualTo(peer + 1);
      assertThat(set.has(peer)).isTrue();
      assertThat(set.without(peer).has(peer)).isFalse();
    }
    assertThat(quorum.isReached(set)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"0", "-1", "64"})
  void groupsHaveOneTo63Peers(int peers) {
    assertThatThrownBy(() -> new Quorum(peers))
        .hasMessage("a group has 1 to 63 peers, but " + peers + " were given");
  }

  @Test
  void valuesCompareByContentAndPrintShort() {
    assertThat(Value.of("ab")).isEqualTo(Value.of(new byte[] {'a', 'b'})).hasToString("ab");
    assertThat(Value.of("ab")).isNotEqualTo(Value.of("a")).hasSameHashCodeAs(Value.of("ab"));
    assertThat(Value.of(new byte[] {1})).hasToString("1 bytes");
    assertThat(Value.of("x".repeat(33))).hasToString("33 bytes");
  }
}
