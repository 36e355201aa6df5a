package dev.paxoskv.paxos.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.Envelope;
import dev.paxoskv.paxos.protocol.Member;
import dev.paxoskv.paxos.protocol.Message;
import dev.paxoskv.paxos.protocol.Recovered;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.paxos.protocol.members.Members;
import dev.paxoskv.paxos.protocol.roles.Effect;
import dev.paxoskv.paxos.protocol.roles.Replica;
import dev.paxoskv.paxos.protocol.roles.ReplicaConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A group with directories comes to life, loses some of them, and gets old ones back. */
class RegistrationTest {
  private static final Value X = Value.of("x");

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
  void aGroupFormsAsSoonAsEnoughAreUp(int size) {
    KnownGroup group = new KnownGroup(size);
    int enough = 1 + Members.registrationsNeeded(size);
    for (int peer = 0; peer < size; peer++) {
      group.start(peer);
      group.run(30);
      boolean mayVote = peer + 1 >= enough;
      assertThat(group.votes().values()).as("%d are up", peer + 1).containsOnly(mayVote);
    }
    decides(group, 0, 4);
    for (int peer = 0; peer < size; peer++) {
      assertThat(group.host(peer).members().waitingFor()).isEmpty();
    }
  }

  @Test
  void whatIsStartedWhileThePeerMayNotVoteWaits() {
    KnownGroup group = new KnownGroup(3);
    group.start(0, 1);
    group.host(0).start(4, X);
    group.host(0).start(4, Value.of("ignored"));
    group.run(100);
    assertThat(group.host(0).driving()).isEqualTo(1);
    assertThat(group.host(0).drivingBytes()).isEqualTo(1);
    assertThat(group.host(0).max()).isEqualTo(4);
    assertThat(group.host(1).max()).as("nobody was asked").isEqualTo(-1);
    assertThat(group.host(0).members().waitingFor()).containsExactly(2);

    group.start(2);
    group.run(100);
    assertThat(group.host(2).status(4).value()).contains(X);
    assertThat(group.host(0).driving()).isZero();
  }

  @Test
  void aWipedPeerIsRefusedAndTheRestGoOn() {
    KnownGroup group = formed(3);
    group.wipe(2);
    group.start(2);
    group.run(500);
    assertThat(group.host(2).members().mayVote()).isFalse();
    assertThat(group.host(2).members().refusal())
        .get()
        .asString()
        .contains("refuses us", "another data directory", "kv replace 2");
    decides(group, 0, 9);
    assertThat(group.host(2).status(9).isDecided())
        .as("learning promises nothing")
        .isTrue();
    assertThat(group.unanswered(2)).isPositive();
  }

  @Test
  void twoWipedOfThreeDoNotVoteEither() {
    KnownGroup group = formed(3);
    group.wipe(1);
    group.wipe(2);
    group.start(1, 2);
    group.run(500);
    assertThat(group.votes()).hasToString("{0=true, 1=false, 2=false}");
    assertThat(group.host(1).members().refusal()).isPresent();
    assertThat(group.host(2).members().refusal()).isPresent();
    group.host(0).start(9, X);
    group.run(500);
    assertThat(group.host(0).status(9).isDecided()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4, 5, 6, 7})
  void aWipedPeerIsFoundOutAlsoIfOthersWereWiped(int size) {
    KnownGroup group = new KnownGroup(size);
    // The last is formed with as few as may be: the first ones, of which some are wiped then.
    int needed = Members.registrationsNeeded(size);
    int[] first = IntStream.range(0, needed).toArray();
    group.start(first);
    group.start(size - 1);
    group.run(100);
    assertThat(group.host(size - 1).members().mayVote()).isTrue();
    int wiped = (size - 1) / 2;
    for (int peer = 0; peer < wiped - 1; peer++) {
      group.wipe(peer);
    }
    group.wipe(size - 1);
    for (int peer = 0; peer < wiped - 1; peer++) {
      group.start(peer);
    }
    group.start(size - 1);
    group.start(IntStream.range(needed, size - 1).toArray());
    group.run(500);
    assertThat(group.host(size - 1).members().mayVote()).isFalse();
    assertThat(group.host(size - 1).members().refusal()).isPresent();
  }

  @Test
  void anInterruptedRegistrationResumes() {
    KnownGroup group = new KnownGroup(3);
    group.start(0, 2);
    group.run(50);
    group.stop(2);
    group.start(2);
    group.run(50);
    assertThat(group.host(2).members().waitingFor()).containsExactly(1);
    group.stop(0);
    group.start(0, 1);
    group.run(50);
    assertThat(group.votes().values()).containsOnly(true);
    decides(group, 2, 1);
  }

  @Test
  void aLaterStartNeedsOneMoreForAMajority() {
    KnownGroup group = formed(3);
    group.stop(0);
    group.stop(1);
    group.stop(2);
    group.start(1);
    group.run(200);
    assertThat(group.votes()).hasToString("{1=false}");
    group.start(2);
    group.run(200);
    assertThat(group.votes()).hasToString("{1=true, 2=true}");
    decides(group, 1, 5);
  }

  @Test
  void anOlderCopyOfADirectoryIsRefused() {
    KnownGroup group = formed(3);
    KnownGroup.Directory copy = group.directory(2).copy();
    decides(group, 2, 7);

    group.restore(2, copy);
    group.start(2);
    group.run(100);
    assertThat(group.host(2).members().mayVote()).isFalse();
    assertThat(group.host(2).members().refusal())
        .get()
        .asString()
        .contains("older copy", "its journal ends at", "kv replace 2");
  }

  @Test
  void aCopyFromAnEarlierStartIsRefused() {
    KnownGroup group = new KnownGroup(3);
    KnownGroup.Directory copy = group.directory(2).copy();
    group.start(0, 1, 2);
    group.run(50);
    group.stop(2);
    group.start(2);
    group.run(50);
    for (String reason : List.of("start 1 is not after start 2", "start 2 is not after start 2")) {
      group.restore(2, copy);
      group.start(2);
      group.run(50);
      assertThat(group.host(2).members().refusal()).get().asString().contains(reason);
    }
  }

  @Test
  void theAnswerWaitsForTheRecord() {
    ManualJournal journal = new ManualJournal(new ArrayList<>());
    List<Message> said = new ArrayList<>();
    Member zero = new Member("zero", 1, "b");
    Host host = host(zero, journal, said);
    Member one = new Member("one", 1, "c");
    Effect.Connection asker = new Effect.Connection() {};
    for (int i = 0; i < 2; i++) {
      host.request(1, asker, new Envelope(-1, new Message.Register(one, 0)));
      host.flush();
      assertThat(said).as("time %d", i).isEmpty();
    }
    journal.durable(1);
    host.flush();
    assertThat(said).containsExactly(new Message.Registered(one), new Message.Registered(one));
  }

  @Test
  void onlyQuestionsForAVoteAreDropped() {
    List<Message> said = new ArrayList<>();
    Host host = host(new Member("zero", 1, "b"), new MemoryJournal(), said);
    Effect.Connection asker = new Effect.Connection() {};
    Ballot ballot = new Ballot(1, 1, 1);
    for (Message.Request request : List.of(
        new Message.Prepare(3, ballot),
        new Message.Accept(3, ballot, X),
        new Message.Decided(3, ballot, Optional.of(X)),
        new Message.Prepare(3, ballot))) {
      host.request(1, asker, new Envelope(-1, request));
      host.flush();
    }
    assertThat(said).isEmpty();
    assertThat(host.status(3).value()).contains(X);
    host.request(1, asker, new Envelope(-1, new Message.Fetch(3, 3)));
    host.flush();
    assertThat(said).hasSize(1).first().isInstanceOf(Message.Fetched.class);
  }

  private static Host host(Member self, Journal journal, List<Message> said) {
    Replica replica = new Replica(
        new ReplicaConfig(0, 3, 1, 0),
        new SplittableRandom(1),
        new Members(0, 3, self),
        new Recovered());
    Transport network = new Transport() {
      @Override
      public void send(int peer, Envelope envelope) {
        said.add(envelope.message());
      }

      @Override
      public void reply(Effect.Connection connection, Envelope envelope) {
        said.add(envelope.message());
      }

      @Override
      public void flush() {
        // Nothing waits here.
      }
    };
    return new Host(replica, network, journal, Optional.empty(), Observer.NONE);
  }

  private static KnownGroup formed(int size) {
    KnownGroup group = new KnownGroup(size);
    group.start(IntStream.range(0, size).toArray());
    group.run(50);
    assertThat(group.votes().values()).containsOnly(true);
    return group;
  }

  private static void decides(KnownGroup group, int peer, long seq) {
    group.host(peer).start(seq, X);
    group.run(200);
    assertThat(group.host(peer).status(seq).value()).contains(X);
  }
}
