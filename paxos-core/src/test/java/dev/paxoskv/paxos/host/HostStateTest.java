package dev.paxoskv.paxos.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.DurableRecord;
import dev.paxoskv.paxos.protocol.DurableRecord.Floor;
import dev.paxoskv.paxos.protocol.DurableRecord.SnapshotMark;
import dev.paxoskv.paxos.protocol.Envelope;
import dev.paxoskv.paxos.protocol.Invariants.InvariantViolation;
import dev.paxoskv.paxos.protocol.Member;
import dev.paxoskv.paxos.protocol.Message;
import dev.paxoskv.paxos.protocol.Message.Decided;
import dev.paxoskv.paxos.protocol.Message.Entry;
import dev.paxoskv.paxos.protocol.Message.Fetch;
import dev.paxoskv.paxos.protocol.Message.Fetched;
import dev.paxoskv.paxos.protocol.Message.Forgotten;
import dev.paxoskv.paxos.protocol.Recovered;
import dev.paxoskv.paxos.protocol.Status;
import dev.paxoskv.paxos.protocol.Talk.Piece;
import dev.paxoskv.paxos.protocol.Talk.Pull;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.paxos.protocol.members.Members;
import dev.paxoskv.paxos.protocol.roles.Effect;
import dev.paxoskv.paxos.protocol.roles.Replica;
import dev.paxoskv.paxos.protocol.roles.ReplicaConfig;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;

/**
 * A host with a state machine, and a journal that takes every decided value out of memory: reading,
 * writing and installing end when the test says so.
 */
class HostStateTest {
  private static final Ballot B = new Ballot(5, 1, 1);
  private static final Value X = Value.of("x");
  private static final Piece PIECE = new Piece(9, 1, 1, 0, X, X.checksum());
  private static final Pull PULL = new Pull(-1, 0, 0, 100);

  private record Asker() implements Effect.Connection {}

  private final List<Object> log = new ArrayList<>();
  private final Machine machine = new Machine();
  private final Disk disk = new Disk();

  private final class Disk implements Journal {
    final ArrayDeque<Consumer<Found>> readings = new ArrayDeque<>();
    final List<Fetch> ranges = new ArrayList<>();
    private long position;

    @Override
    public long append(DurableRecord record) {
      log.add(record);
      return ++position;
    }

    @Override
    public void sync(LongConsumer durable) {
      durable.accept(position);
    }

    @Override
    public boolean spill(long seq) {
      return true;
    }

    @Override
    public void read(long first, long last, Consumer<Found> then) {
      ranges.add(new Fetch(first, last));
      readings.add(then);
    }

    void found(List<Long> seqs, Long... lost) {
      TreeMap<Long, Value> values = new TreeMap<>();
      seqs.forEach(seq -> values.put(seq, X));
      readings.remove().accept(new Found(values, List.of(lost)));
    }
  }

  private final class Machine implements StateMachine, StateMachine.Snapshots {
    final ArrayDeque<Consumer<Piece>> readings = new ArrayDeque<>();
    Consumer<Boolean> isDone = done -> {};
    boolean hasSnapshots;
    long applied = -1;
    long covered = -1;
    long done = -1;

    @Override
    public void apply(long seq, Value value) {
      log.add("apply " + seq);
      applied = seq;
    }

    @Override
    public long applied() {
      return applied;
    }

    @Override
    public long covered() {
      return covered;
    }

    @Override
    public long done() {
      return done;
    }

    @Override
    public Optional<Snapshots> snapshots() {
      return hasSnapshots ? Optional.of(this) : Optional.empty();
    }

    @Override
    public void read(Pull pull, Consumer<Piece> then) {
      readings.add(then);
    }

    @Override
    public void write(Piece piece, Consumer<Boolean> then) {
      log.add("write");
      isDone = then;
    }

    @Override
    public void install(Piece last, Consumer<Boolean> then) {
      log.add("install");
      isDone = then;
    }

    @Override
    public void adopt() {
      log.add("adopt");
      applied = 9;
    }
  }

  private final class Network implements Transport {
    @Override
    public void send(int peer, Envelope envelope) {
      log.add(envelope.message());
    }

    @Override
    public void reply(Effect.Connection connection, Envelope envelope) {
      log.add(envelope.message());
    }

    @Override
    public void flush() {}
  }

  @Test
  void whatWasSpilledBeforeItWasAppliedIsReadAgainInPieces() {
    Host host = host(3);
    decided(host, 1);
    decided(host, 2);
    decided(host, 3);
    assertThat(disk.readings).isEmpty();
    decided(host, 0);
    host.flush();
    assertThat(disk.ranges).containsExactly(new Fetch(1, Long.MAX_VALUE));
    disk.found(List.of(1L, 2L));
    host.flush();
    assertThat(host.applied()).isEqualTo(2);
    assertThat(disk.ranges).hasSize(2).last().isEqualTo(new Fetch(3, Long.MAX_VALUE));
    // Nothing, this time: asked for again.
    disk.found(List.of());
    host.flush();
    assertThat(disk.ranges).hasSize(3);
    disk.found(List.of(), 3L);
    host.flush();
    assertThat(host.applied()).isEqualTo(2);
    assertThat(disk.ranges).hasSize(3);
    // It is no longer known here, so it can be learnt again.
    decided(host, 3);
    assertThat(host.applied()).isEqualTo(3);
    assertThat(log).containsSubsequence("apply 0", "apply 1", "apply 2", "apply 3");
  }

  @Test
  void aStatusWhoseValueIsOnTheDiskComesLater() {
    Host host = host(3);
    decided(host, 1);
    List<Status> told = new ArrayList<>();
    host.status(0, told::add);
    assertThat(told).containsExactly(Status.PENDING);
    host.status(1, told::add);
    assertThat(told).hasSize(1);
    disk.found(List.of(1L));
    assertThat(told).last().isEqualTo(Status.decided(X));
    host.status(1, told::add);
    assertThat(disk.ranges).last().isEqualTo(new Fetch(1, 1));
    disk.found(List.of(), 1L);
    assertThat(told).hasSize(3).last().isEqualTo(Status.PENDING);
  }

  @Test
  void sixteenReadingsForOthersAreUnderWayAtMost() {
    Host host = host(3);
    decided(host, 4);
    for (int i = 0; i < 17; i++) {
      asked(host, new Fetch(4, 4));
    }
    assertThat(disk.readings).hasSize(16);
    log.clear();
    disk.found(List.of());
    assertThat(log).isEmpty();
    disk.found(List.of(4L));
    assertThat(log).containsExactly(new Fetched(List.of(new Entry(4, X)), 4));
    for (int i = 0; i < 3; i++) {
      asked(host, new Fetch(4, 4));
    }
    assertThat(disk.readings).hasSize(16);
  }

  @Test
  void fourPiecesOfSnapshotsAreReadForOthersAtATime() {
    asked(host(3), PULL);
    assertThat(log).containsExactly(Piece.NONE);
    log.clear();
    machine.hasSnapshots = true;
    Host host = host(3);
    for (int i = 0; i < 5; i++) {
      asked(host, PULL);
    }
    assertThat(machine.readings).hasSize(4);
    assertThat(log).isEmpty();
    machine.readings.remove().accept(PIECE);
    assertThat(log).containsExactly(PIECE);
    asked(host, PULL);
    asked(host, PULL);
    assertThat(machine.readings).hasSize(4);
  }

  @Test
  void whatASnapshotCoversIsMarkedAndWhatIsDoneIsForgotten() {
    Host host = host(3);
    decided(host, 0);
    assertThat(log).doesNotHaveAnyElementsOfTypes(DurableRecord.class);
    machine.covered = 0;
    host.flush();
    assertThat(log).contains(new SnapshotMark(0));
    Host alone = host(1);
    machine.done = 0;
    alone.flush();
    assertThat(log).contains(new Floor(1));
  }

  @Test
  void readsAreAnsweredOnceTheStateCoversWhatTheyMustSee() {
    Host alone = host(1);
    alone.start(0, X);
    alone.start(2, X);
    alone.flush();
    alone.read(() -> log.add("answer"));
    alone.flush();
    assertThat(log).contains("apply 0").doesNotContain("answer");
    alone.start(1, X);
    alone.flush();
    assertThat(log).contains("apply 1").doesNotContain("answer");
    disk.found(List.of(2L));
    alone.flush();
    assertThat(log).containsSubsequence("apply 1", "apply 2", "answer");
    alone.flush();
    assertThat(log).containsOnlyOnce("answer");
  }

  @Test
  void aStateThatCoversLessThanTheLogNeedsAPeersSnapshot() {
    assertThatThrownBy(() -> host(1, 7))
        .isInstanceOf(InvariantViolation.class)
        .hasMessage("instances up to 6 are forgotten, but the state covers only those up to -1:"
            + " a snapshot is missing or damaged");
    assertThatThrownBy(() -> host(3, 7)).isInstanceOf(InvariantViolation.class);
    machine.hasSnapshots = true;
    assertThatThrownBy(() -> host(1, 7)).isInstanceOf(InvariantViolation.class);
    assertThat(host(3, 7).applied()).isEqualTo(-1);
    machine.hasSnapshots = false;
    machine.applied = 6;
    assertThat(host(1, 7).applied()).isEqualTo(6);
    assertThat(host(1, 7).firstMissing()).isEqualTo(7);
  }

  @Test
  void theStateBecomesThatOfASnapshotOnceItsMarkIsDurable() {
    Host host = receiving();
    machine.isDone.accept(true);
    assertThat(log).isEmpty();
    host.flush();
    assertThat(log).containsSubsequence(new SnapshotMark(9), "adopt");
    assertThat(host.applied()).isEqualTo(9);
    decided(host, 10);
    assertThat(log).contains("apply 10");
    asked(host, new Decided(11, B, Optional.of(X)));
    assertThat(host.applied()).isEqualTo(11);
    // And another snapshot can be fetched some day.
    host.answer(1, new Envelope(-1, new Forgotten(20, List.of(-1L, -1L, -1L))));
    host.flush();
    assertThat(log).hasAtLeastOneElementOfType(Pull.class);
  }

  @Test
  void aSnapshotThatIsNotWholeOrTooOldIsNotAdopted() {
    Host broken = receiving();
    machine.isDone.accept(false);
    broken.flush();
    assertThat(log).doesNotContain("adopt");
    for (int i = 0; i < 100; i++) {
      broken.tick();
    }
    log.clear();
    broken.answer(1, new Envelope(9, new Forgotten(0, List.of(-1L, -1L, -1L))));
    broken.flush();
    assertThat(log).hasAtLeastOneElementOfType(Pull.class);
    log.clear();
    Host ahead = receiving();
    for (long seq = 0; seq < 11; seq++) {
      decided(ahead, seq);
    }
    machine.isDone.accept(true);
    ahead.flush();
    assertThat(log).doesNotContain("adopt").doesNotContain(new SnapshotMark(9));
    assertThat(ahead.applied()).isEqualTo(10);
  }

  /** Has written all of another's snapshot, up to instance 9, and is about to install it. */
  private Host receiving() {
    machine.hasSnapshots = true;
    machine.applied = -1;
    Host host = host(3);
    host.answer(1, new Envelope(9, new Forgotten(0, List.of(-1L, -1L, -1L))));
    host.flush();
    assertThat(log).hasAtLeastOneElementOfType(Pull.class);
    host.answer(1, new Envelope(9, PIECE));
    host.flush();
    assertThat(log).contains("write");
    machine.isDone.accept(true);
    host.flush();
    assertThat(log).contains("install");
    log.clear();
    return host;
  }

  @Test
  void aJournalThatCountsOtherwiseStopsThePeer() {
    Host host = host(3);
    disk.position = 1;
    host.start(0, X);
    assertThatThrownBy(host::flush)
        .isInstanceOf(InvariantViolation.class)
        .hasMessage("journal position 2, expected 1");
  }

  private void decided(Host host, long seq) {
    asked(host, new Decided(seq, B, Optional.of(X)));
  }

  private void asked(Host host, Message.Request request) {
    host.request(1, new Asker(), new Envelope(-1, request));
    host.flush();
  }

  private Host host(int peers) {
    return host(peers, 0);
  }

  private Host host(int peers, long floor) {
    ReplicaConfig config = new ReplicaConfig(0, peers, 1, 10, false, 0, 100);
    Members members = new Members(0, peers, Member.inMemory(1, ""));
    disk.position = 0;
    Recovered recovered = Recovered.of(List.of(new Floor(floor)));
    return new Host(
        new Replica(config, () -> 0L, members, recovered),
        new Network(),
        disk,
        Optional.of(machine),
        Observer.NONE);
  }
}
