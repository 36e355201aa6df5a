package dev.paxoskv.paxos.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.DurableRecord;
import dev.paxoskv.paxos.protocol.Envelope;
import dev.paxoskv.paxos.protocol.Member;
import dev.paxoskv.paxos.protocol.Message;
import dev.paxoskv.paxos.protocol.Message.Accept;
import dev.paxoskv.paxos.protocol.Message.Accepted;
import dev.paxoskv.paxos.protocol.Message.Decided;
import dev.paxoskv.paxos.protocol.Message.Done;
import dev.paxoskv.paxos.protocol.Recovered;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.paxos.protocol.members.Members;
import dev.paxoskv.paxos.protocol.roles.Effect;
import dev.paxoskv.paxos.protocol.roles.Replica;
import dev.paxoskv.paxos.protocol.roles.ReplicaConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;

/** What the journal is given that nobody waits for, and what a peer remembers of others' disks. */
class HostRecordsTest {
  private static final Ballot B = new Ballot(3, 1, 1);
  private static final Value X = Value.of("x");
  private static final Member ONE = new Member("one", 1, "first");

  private record Asker() implements Effect.Connection {}

  private final List<String> log = new ArrayList<>();
  private final Members members = new Members(0, 3, new Member("zero", 1, "boot"));
  private final Host host = new Host(
      new Replica(new ReplicaConfig(0, 3, 1, 0), () -> 0L, members, new Recovered()),
      new Silence(),
      new Log(),
      Optional.empty(),
      Observer.NONE);

  private static final class Silence implements Transport {
    @Override
    public void send(int peer, Envelope envelope) {}

    @Override
    public void reply(Effect.Connection connection, Envelope envelope) {}

    @Override
    public void flush() {}
  }

  private final class Log implements Journal {
    private long position;

    @Override
    public long append(DurableRecord record) {
      log.add("append " + record.getClass().getSimpleName() + " " + record.seq());
      return ++position;
    }

    @Override
    public void keep(DurableRecord record) {
      log.add("keep " + record.getClass().getSimpleName() + " " + record.seq());
    }

    @Override
    public void sync(LongConsumer durable) {
      durable.accept(position);
    }
  }

  private void asked(int from, long done, long durable, Message.Request request) {
    host.request(from, new Asker(), new Envelope(done, durable, request));
    host.flush();
  }

  private void becomeKnown() {
    members.accepted(1);
    members.accepted(2);
  }

  @Test
  void aDecisionIsKeptBehindTheVoteThatHasItsValue() {
    becomeKnown();
    asked(1, -1, 0, new Accept(4, B, X));
    asked(1, -1, 0, new Decided(4, B, Optional.empty()));
    assertThat(log).containsExactly("append Voted 4", "keep Decided 4");
  }

  @Test
  void theMarksOfAllAreKeptBeforeAFloorForgetsWhatTheyCover() {
    becomeKnown();
    asked(1, 4, 0, new Done());
    asked(2, 6, 0, new Done());
    assertThat(log).isEmpty();
    host.done(5);
    host.flush();
    assertThat(log)
        .containsExactly("keep DoneMark 5", "keep DoneMark 4", "keep DoneMark 6", "append Floor 5");
  }

  /** Or an older copy of a disk would pass. */
  @Test
  void howFarAnothersDiskReachesIsRememberedFromWhateverItSays() {
    members.register(1, ONE, 10);
    Member later = new Member("one", 2, "second");
    asked(1, -1, 20, new Done());
    assertThat(members.refuse(1, later, 19)).isPresent();
    assertThat(members.refuse(1, later, 20)).isEmpty();
    host.answer(1, new Envelope(-1, 30, new Accepted(4, B)));
    assertThat(members.refuse(1, later, 29)).isPresent();
    assertThat(members.refuse(1, later, 30)).isEmpty();
  }
}
