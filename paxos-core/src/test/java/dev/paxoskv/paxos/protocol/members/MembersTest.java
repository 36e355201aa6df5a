package dev.paxoskv.paxos.protocol.members;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paxoskv.paxos.protocol.DurableRecord.Registered;
import dev.paxoskv.paxos.protocol.Member;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may vote, and who is refused. */
class MembersTest {
  private static final Member ZERO = new Member("zero", 1, "boot");
  private static final Member ONE = new Member("one", 5, "x");

  @ParameterizedTest
  @CsvSource({"1,0", "2,1", "3,2", "4,2", "5,3", "6,4", "7,5"})
  void aNewMemberVotesOnceSoManyOthersHaveRecordedIt(int peers, int needed) {
    Members members = new Members(0, peers, ZERO);
    assertThat(Members.registrationsNeeded(peers)).isEqualTo(needed);
    assertThat(members.becomesRegistered()).isEqualTo(needed == 0);
    for (int peer = 1; peer < peers; peer++) {
      assertThat(members.mayVote()).as("before peer %d", peer).isEqualTo(peer > needed);
      assertThat(members.accepted(peer)).isEqualTo(peer == needed);
      assertThat(members.accepted(peer)).as("the same once more").isFalse();
    }
    assertThat(members.mayVote()).isTrue();
    assertThat(members.waitingFor()).isEmpty();
    assertThat(members.owed()).isEmpty();
  }

  /**
   * The worst case: a minority of the disks is wiped, the member's own and as many as possible of
   * those that recorded it.
   */
  @ParameterizedTest
  @ValueSource(ints = {3, 4, 5, 6, 7})
  void aWipedMemberIsFoundOutWithAMinorityOfDisksWiped(int peers) {
    int wipedRecorders = (peers - 1) / 2 - 1;
    Members fresh = new Members(0, peers, new Member("fresh", 1, "y"));
    for (int peer = 1; peer < peers; peer++) {
      Members other = new Members(peer, peers, new Member("other", 1, "z"));
      if (peer > wipedRecorders && peer <= Members.registrationsNeeded(peers)) {
        other.register(0, ZERO, 0);
      }
      if (other.refuse(0, fresh.self(), 0).isEmpty()) {
        fresh.accepted(peer);
      }
    }
    assertThat(fresh.mayVote()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"1,0", "2,1", "3,1", "4,2", "5,2", "6,3", "7,3"})
  void aLaterStartNeedsAMajorityItselfIncluded(int peers, int needed) {
    Members members = registered(peers);
    for (int peer = 1; peer < peers; peer++) {
      assertThat(members.mayVote()).as("before peer %d", peer).isEqualTo(peer > needed);
      assertThat(members.accepted(peer)).as("registered already").isFalse();
    }
    assertThat(members.mayVote()).isTrue();
  }

  @Test
  void whileItWaitsItSaysForWhomAndWithWhomItRegisters() {
    Members members = new Members(1, 4, ZERO);
    assertThat(members.waitingFor()).containsExactly(0, 2, 3);
    members.accepted(2);
    assertThat(members.waitingFor()).containsExactly(0, 3);
    members.accepted(0);
    assertThat(members.waitingFor()).isEmpty();
    assertThat(members.owed()).as("it goes on with the rest").containsExactly(3);
  }

  @Test
  void oneRefusalEndsIt() {
    Members members = new Members(0, 3, ZERO);
    members.accepted(1);
    members.accepted(2);
    members.refusedBy(1, "so");
    members.refusedBy(2, "other");
    assertThat(members.mayVote()).isFalse();
    assertThat(members.refusal()).contains("peer 1 refuses us: so");
    assertThat(members.owed()).isEmpty();
  }

  @Test
  void inMemoryItVotesAtOnceAndRegistersWithNobody() {
    Members members = new Members(0, 3, Member.inMemory(9, "b"));
    members.durable(77);
    assertThat(members.mayVote()).isTrue();
    assertThat(members.owed()).isEmpty();
    assertThat(members.becomesRegistered()).isFalse();
    assertThat(members.durable()).isZero();
  }

  @Test
  void anotherDataDirectoryIsRefusedAndTheSameIsNot() {
    Members members = registered(3);
    assertThat(members.refuse(1, ONE, 3)).isEmpty();
    assertThat(members.register(1, ONE, 3)).isTrue();
    assertThat(members.register(1, ONE, 3)).as("journaled already").isFalse();

    assertThat(members.refuse(1, new Member("new", 1, "y"), 0))
        .get()
        .asString()
        .contains("another data directory", "kv replace 1")
        .doesNotContain("never voted");
    assertThat(members.refuse(1, new Member("one", 6, "y"), 3)).isEmpty();
    assertThat(members.refuse(2, new Member("new", 1, "y"), 0)).isEmpty();
  }

  @Test
  void beforeTheFirstVoteARefusalSaysSo() {
    Members members = new Members(0, 3, ZERO);
    members.register(1, ONE, 0);
    assertThat(members.refuse(1, new Member("new", 1, "y"), 0))
        .get()
        .asString()
        .contains("kv replace 1", "peer 0 has never voted", "may be emptied");
  }

  @Test
  void anOlderCopyIsRefused() {
    Members members = registered(3);
    members.register(1, ONE, 3);
    members.told(1, 100);
    assertThat(members.refuse(1, new Member("one", 4, "y"), 100))
        .as("a lower start")
        .get()
        .asString()
        .contains("older copy", "start 4 is not after start 5", "kv replace 1");
    assertThat(members.refuse(1, new Member("one", 5, "y"), 100))
        .as("the same start once more")
        .get()
        .asString()
        .contains("start 5 is not after start 5");
    assertThat(members.refuse(1, new Member("one", 6, "y"), 99))
        .as("a later start that lacks what was told")
        .get()
        .asString()
        .contains("its journal ends at 99, but it told peer 0 of 100");
    assertThat(members.refuse(1, new Member("one", 6, "y"), 100)).isEmpty();
    assertThat(members.refuse(1, ONE, 99))
        .as("its hello was overtaken by an answer")
        .isEmpty();
  }

  @Test
  void whatTheJournalKeptIsKnownAgain() {
    Members members = new Members(0, 3, new Member("zero", 2, "later"));
    members.recover(new Registered(1, "one", 5));
    assertThat(members.refuse(1, new Member("new", 9, "y"), 0)).isPresent();
    assertThat(members.refuse(1, new Member("one", 4, "y"), 0)).isPresent();
    assertThat(members.refuse(1, ONE, 0)).as("the boot id was not kept").isEmpty();
    assertThat(members.register(1, ONE, 0)).as("nothing new").isFalse();
    assertThat(members.refuse(1, new Member("one", 5, "y"), 0)).isPresent();
    assertThatThrownBy(() -> members.recover(new Registered(0, "foreign", 1)))
        .hasMessageContaining("mixed up");
  }

  @Test
  void aGreetingAloneRegistersNobodyAndJournalsNothing() {
    Members members = registered(3);
    members.greeted(1, ONE, 9);
    assertThat(members.refuse(1, new Member("new", 1, "y"), 0)).isEmpty();
    members.register(1, ONE, 9);
    Member later = new Member("one", 6, "y");
    members.greeted(1, later, 9);
    assertThat(members.refuse(1, ONE, 9)).as("the earlier life").isPresent();
    assertThat(members.register(1, later, 9)).as("the journal has start 5 only").isTrue();
  }

  @Test
  void aNewLifeOfAnotherIsToldOfUsAgain() {
    Members members = registered(3);
    members.register(1, ONE, 0);
    members.accepted(1);
    members.accepted(2);
    members.greeted(1, ONE, 0);
    assertThat(members.owed()).isEmpty();
    members.greeted(1, new Member("one", 6, "y"), 0);
    assertThat(members.owed()).containsExactly(1);
    assertThat(members.mayVote()).isTrue();
    members.accepted(1);
    members.register(1, new Member("one", 6, "y"), 0);
    assertThat(members.owed()).isEmpty();
    members.register(1, new Member("one", 7, "z"), 0);
    assertThat(members.owed()).as("also if it registers").containsExactly(1);
  }

  @Test
  void hearsayOfTheSameStartNamesALifeOnlyWhereNoneIsKnown() {
    Members members = registered(3);
    members.register(1, ONE, 3);
    members.heard(new Sighting(1, new Member("one", 5, "z"), 3));
    assertThat(members.sightings()).isEqualTo(List.of(new Sighting(1, ONE, 3)));
    Members restarted = registered(3);
    restarted.recover(new Registered(1, "one", 5));
    restarted.heard(new Sighting(1, ONE, 3));
    assertThat(restarted.sightings()).isEqualTo(List.of(new Sighting(1, ONE, 3)));
    assertThat(restarted.refuse(1, new Member("one", 5, "z"), 3)).isPresent();
  }

  @Test
  void hearsayRaisesWhatIsKnownOfARegisteredMember() {
    Members members = registered(3);
    members.heard(new Sighting(1, new Member("one", 7, "z"), 50));
    assertThat(members.refuse(1, ONE, 0)).as("nobody is registered by hearsay").isEmpty();
    members.register(1, ONE, 3);
    members.heard(new Sighting(1, new Member("other", 9, "z"), 99));
    members.heard(new Sighting(1, new Member("one", 4, "z"), 40));
    assertThat(members.sightings()).isEqualTo(List.of(new Sighting(1, ONE, 40)));
    members.heard(new Sighting(1, new Member("one", 7, "z"), 50));
    assertThat(members.refuse(1, new Member("one", 6, "y"), 50)).isPresent();
    assertThat(members.refuse(1, new Member("one", 8, "y"), 49)).isPresent();
    assertThat(members.refuse(1, new Member("one", 8, "y"), 50)).isEmpty();
    assertThat(members.register(1, new Member("one", 7, "z"), 50)).isTrue();
  }

  @Test
  void whoHearsOfMoreThanItRemembersStops() {
    List<Sighting> bad = List.of(
        new Sighting(0, new Member("another", 1, ""), 0),
        new Sighting(0, new Member("zero", 3, "q"), 0),
        new Sighting(0, new Member("zero", 2, "q"), 0),
        new Sighting(0, new Member("zero", 1, "q"), 11),
        new Sighting(0, new Member("zero", 2, "boot"), 11));
    for (Sighting sighting : bad) {
      Members members = new Members(0, 3, new Member("zero", 2, "boot"));
      members.durable(10);
      assertThat(members.heard(sighting)).as("%s", sighting).isPresent();
      assertThat(members.refusal()).get().asString().contains("kv replace 0");
    }
    List<Sighting> good = List.of(
        new Sighting(0, new Member("zero", 1, "q"), 10),
        new Sighting(0, new Member("zero", 2, ""), 10),
        new Sighting(0, new Member("zero", 2, "boot"), 10));
    for (Sighting sighting : good) {
      Members members = new Members(0, 3, new Member("zero", 2, "boot"));
      members.durable(10);
      assertThat(members.heard(sighting)).as("%s", sighting).isEmpty();
      assertThat(members.refusal()).isEmpty();
    }
  }

  @Test
  void memoryAndDirectoryDoNotMix() {
    assertThat(registered(3).refuse(1, Member.inMemory(5, "x"), 0))
        .contains("peer 1 keeps its state in memory but peer 0 in a data directory; start all"
            + " alike");
    assertThat(new Members(0, 3, Member.inMemory(5, "x")).refuse(1, ONE, 0))
        .contains("peer 0 keeps its state in memory but peer 1 in a data directory; start all"
            + " alike");
  }

  private static Members registered(int peers) {
    Members members = new Members(0, peers, ZERO);
    members.recover(new Registered(0, "zero", 1));
    return members;
  }
}
