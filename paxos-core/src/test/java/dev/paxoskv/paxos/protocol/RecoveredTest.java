package dev.paxoskv.paxos.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.paxos.protocol.DurableRecord.Decided;
import dev.paxoskv.paxos.protocol.DurableRecord.Floor;
import dev.paxoskv.paxos.protocol.DurableRecord.Promised;
import dev.paxoskv.paxos.protocol.DurableRecord.SnapshotMark;
import dev.paxoskv.paxos.protocol.DurableRecord.Voted;
import dev.paxoskv.paxos.protocol.Recovered.Damage;
import dev.paxoskv.paxos.protocol.Recovered.Instance;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What records add up to, in whatever order they are found, and what damage takes away. */
class RecoveredTest {
  private static final long SEQ = 7;
  private static final Value X = Value.of("x");
  private static final Value Y = Value.of("y");
  private static final Decided BY_VOTE = new Decided(SEQ, X.checksum(), Optional.empty());
  private static final Decided BY_VALUE = new Decided(SEQ, X.checksum(), Optional.of(X));

  private final Recovered recovered = new Recovered();

  private static Promised promised(long round) {
    return new Promised(SEQ, ballot(round));
  }

  private static Voted voted(long round, Value value) {
    return new Voted(SEQ, new Vote(ballot(round), value));
  }

  private static Ballot ballot(long round) {
    return new Ballot(round, 1, 1);
  }

  private Instance instance(DurableRecord... records) {
    List.of(records).forEach(recovered::add);
    return recovered.instances().get(SEQ);
  }

  private static Instance expected(long promised, Optional<Voted> vote, Damage damage) {
    return new Instance(ballot(promised), vote.map(Voted::vote), Optional.empty(), damage);
  }

  private static Instance expected(long promised, Voted vote) {
    return expected(promised, Optional.of(vote), Damage.NONE);
  }

  @Test
  void theHighestPromiseAndTheHighestVoteHold() {
    assertThat(instance(promised(5), promised(3)))
        .isEqualTo(expected(5, Optional.empty(), Damage.NONE));
    assertThat(instance(voted(4, X))).isEqualTo(expected(5, voted(4, X)));
    assertThat(instance(voted(2, Y))).isEqualTo(expected(5, voted(4, X)));
    assertThat(instance(voted(6, Y))).isEqualTo(expected(6, voted(6, Y)));
    assertThat(instance(voted(6, Y), promised(1))).isEqualTo(expected(6, voted(6, Y)));
  }

  @Test
  void aDecisionHasItsOwnValueOrThatOfTheVoteIfItIsTheSame() {
    assertThat(instance(voted(4, Y), BY_VOTE).decided()).isEmpty();
    assertThat(instance(voted(5, X), BY_VOTE).decided()).contains(X);
    Recovered other = Recovered.of(List.of(BY_VALUE));
    assertThat(other.instances().get(SEQ).decided()).contains(X);
    assertThat(Recovered.of(List.of(BY_VOTE)).instances())
        .as("a value of no one")
        .isEmpty();
  }

  @Test
  void aLostVoteIsMadeGoodByALaterVoteOnly() {
    recovered.add(voted(4, X));
    recovered.damage(SEQ, Damage.VOTE);
    Instance lost = expected(4, Optional.empty(), Damage.VOTE);
    assertThat(instance()).isEqualTo(lost);
    recovered.damage(SEQ, Damage.PROMISE);
    assertThat(instance()).isEqualTo(lost);
    assertThat(instance(promised(6)).isFaulty()).isTrue();
    assertThat(instance(voted(7, Y))).isEqualTo(expected(7, voted(7, Y)));
  }

  @Test
  void aLostPromiseLeavesTheVoteAndIsMadeGoodByALaterPromise() {
    recovered.add(voted(4, X));
    recovered.damage(SEQ, Damage.PROMISE);
    assertThat(instance()).isEqualTo(expected(4, Optional.of(voted(4, X)), Damage.PROMISE));
    assertThat(instance().isFaulty()).isTrue();
    assertThat(instance(promised(6))).isEqualTo(expected(6, voted(4, X)));
  }

  @Test
  void whatIsDecidedCannotBeDamaged() {
    recovered.add(BY_VALUE);
    recovered.damage(SEQ, Damage.VOTE);
    assertThat(instance().isFaulty()).isFalse();
    assertThat(instance().decided()).contains(X);
    assertThat(instance().damage()).isEqualTo(Damage.NONE);
    recovered.damage(SEQ + 1, Damage.VOTE);
    recovered.add(new Decided(SEQ + 1, X.checksum(), Optional.of(X)));
    assertThat(recovered.instances().get(SEQ + 1).isFaulty()).isFalse();
  }

  @Test
  void itsRecordsAddUpToTheSame() {
    List<List<DurableRecord>> fewest = List.of(
        List.of(promised(5)),
        List.of(voted(5, X)),
        List.of(promised(6), voted(5, X)),
        List.of(voted(5, X), BY_VOTE),
        List.of(voted(5, Y), BY_VALUE),
        List.of(promised(6), voted(5, X), BY_VOTE),
        List.of(new DurableRecord.Faulty(SEQ)));
    for (List<DurableRecord> records : fewest) {
      Instance instance = Recovered.of(records).instances().get(SEQ);
      assertThat(instance.records(SEQ)).isEqualTo(records);
    }
  }

  @Test
  void belowTheFloorNothingIsKept() {
    recovered.add(voted(4, X));
    recovered.add(new Voted(SEQ + 1, new Vote(ballot(4), X)));
    recovered.spill(SEQ - 1);
    recovered.add(new Floor(SEQ));
    assertThat(recovered.spilled().isEmpty()).isTrue();
    assertThat(recovered.instances()).containsOnlyKeys(SEQ, SEQ + 1);
    recovered.add(new SnapshotMark(SEQ));
    assertThat(recovered.instances()).containsOnlyKeys(SEQ + 1);
    assertThat(instance(voted(9, Y))).isNull();
    recovered.add(new SnapshotMark(SEQ - 3));
    recovered.add(new Floor(SEQ - 3));
    assertThat(recovered.floor()).isEqualTo(SEQ + 1);
    assertThat(recovered.max()).isEqualTo(SEQ + 1);
    recovered.add(new SnapshotMark(SEQ + 5));
    assertThat(recovered.max()).isEqualTo(SEQ + 5);
  }

  @Test
  void whatIsSpilledIsDecidedUntilItsValueIsLost() {
    recovered.add(voted(4, X));
    recovered.spill(SEQ);
    assertThat(instance(voted(9, Y), promised(9))).isNull();
    assertThat(recovered.spilled().has(SEQ)).isTrue();
    recovered.lose(SEQ);
    assertThat(recovered.spilled().has(SEQ)).isFalse();
    assertThat(instance().isFaulty()).isTrue();
  }
}
