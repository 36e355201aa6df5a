package dev.paxoskv.server.snapshot;

import static dev.paxoskv.server.machine.Commands.batch;
import static dev.paxoskv.server.machine.Commands.put;
import static dev.paxoskv.server.snapshot.SnapshotStoreTest.save;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.paxos.journal.Disk;
import dev.paxoskv.paxos.protocol.Quorum;
import dev.paxoskv.paxos.protocol.Talk.Piece;
import dev.paxoskv.paxos.protocol.Talk.Pull;
import dev.paxoskv.proto.kv.HashStatement;
import dev.paxoskv.server.compare.StateComparison;
import dev.paxoskv.server.machine.KvStateMachine;
import dev.paxoskv.server.machine.KvStateMachine.SessionLimits;
import dev.paxoskv.sim.disk.SimDisk;
import dev.paxoskv.sim.disk.SimDisk.PowerCut;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** From one server's disk to another's, piece by piece. */
class ReceiveTest {
  private static final int PIECE = 300;
  private static final int SLICE = 1000;

  private final SimDisk giver = new SimDisk();
  private SimDisk taker = new SimDisk();

  private static KvStateMachine machine() {
    return new KvStateMachine((session, number, result) -> {});
  }

  private static KvStateMachine busy(int instances) {
    KvStateMachine machine = machine();
    for (int seq = 0; seq < instances; seq++) {
      machine.apply(seq, batch(put(1, seq + 1, "k" + seq % 50, "v" + seq)));
    }
    return machine;
  }

  private KvStateMachine given(int instances) throws IOException {
    KvStateMachine machine = busy(instances);
    save(new SnapshotStore(giver), machine.walk(SLICE));
    return machine;
  }

  private List<Piece> pieces() {
    return pieces(giver);
  }

  private static List<Piece> pieces(SimDisk giver) {
    List<Piece> pieces = new ArrayList<>();
    pieces.add(read(giver, new Pull(-1, 0, 0, PIECE)));
    Piece last = pieces.get(0);
    while (last.offset() + last.bytes().size() < last.size()) {
      long offset = last.offset() + last.bytes().size();
      last = read(giver, new Pull(last.index(), last.hash(), offset, PIECE));
      assertThat(last.isSound()).isTrue();
      pieces.add(last);
    }
    return pieces;
  }

  /** The disk of one of three servers, which knows what the others had. */
  private static SimDisk ofThree(int me) throws IOException {
    StateComparison comparison = new StateComparison(me, new Quorum(3), 64);
    KvStateMachine machine =
        new KvStateMachine((session, number, result) -> {}, SessionLimits.STORE, comparison);
    for (int seq = 0; seq < 100; seq++) {
      machine.apply(seq, batch(put(1, seq + 1, "k" + seq % 50, "v" + seq)));
    }
    if (me == 2) {
      HashStatement of0 = HashStatement.newBuilder().setLast(64).addHashes(9).build();
      comparison.stated(of0);
    }
    SimDisk disk = new SimDisk();
    save(new SnapshotStore(disk), machine.walk(SLICE));
    return disk;
  }

  @Test
  void theRestMayComeFromAnotherServerWithTheSameState() throws IOException {
    List<Piece> one = pieces(ofThree(0));
    List<Piece> other = pieces(ofThree(2));
    assertThat(one.get(0).isOfSame(other.get(0))).isTrue();
    assertThat(one.get(0).bytes()).isNotEqualTo(other.get(0).bytes());
    SnapshotStore store = new SnapshotStore(taker);
    for (int i = 0; i < one.size(); i++) {
      store.receive((i < one.size() / 2 ? one : other).get(i));
    }
    assertThat(store.install(one.get(0), ReceiveTest::machine)).isPresent();
  }

  @Test
  void theStateIsThatOfTheGiver() throws IOException {
    KvStateMachine original = given(200);
    SnapshotStore store = new SnapshotStore(taker);
    List<Piece> pieces = pieces();
    assertThat(pieces.size()).isGreaterThan(3);
    for (Piece piece : pieces) {
      assertThat(store.receive(piece)).isTrue();
    }
    SnapshotStore.Loaded loaded =
        store.install(pieces.get(pieces.size() - 1), ReceiveTest::machine).orElseThrow();
    assertThat(loaded.machine().hash()).isEqualTo(original.hash());
    assertThat(loaded.machine().applied()).isEqualTo(199);
    assertThat(new SnapshotStore(taker).load(ReceiveTest::machine).machine().hash())
        .isEqualTo(original.hash());
  }

  @Test
  void oneThatIsNotWholeIsNotInstalledAndIsGone() throws IOException {
    given(200);
    List<Piece> pieces = pieces();
    Piece last = pieces.get(pieces.size() - 1);
    SnapshotStore store = new SnapshotStore(taker);
    for (int missing = 1; missing < pieces.size(); missing++) {
      for (int i = 0; i < pieces.size(); i++) {
        if (i != missing) {
          store.receive(pieces.get(i));
        }
      }
      assertThat(store.install(last, ReceiveTest::machine)).isEmpty();
      assertThat(taker.list()).isEmpty();
    }
  }

  @Test
  void anOlderStateThatWasBeingSavedDoesNotReplaceIt() throws IOException {
    given(200);
    SnapshotStore store = new SnapshotStore(taker);
    KvStateMachine own = busy(20);
    save(store, own.walk(SLICE));
    for (Piece piece : pieces()) {
      store.receive(piece);
    }
    assertThat(store.install(pieces().get(0), ReceiveTest::machine)).isPresent();
    assertThat(save(store, busy(30).walk(SLICE))).isFalse();
    assertThat(store.load(ReceiveTest::machine).machine().applied()).isEqualTo(199);
    // What the state does later is saved again.
    assertThat(save(store, busy(230).walk(SLICE))).isTrue();
    assertThat(store.load(ReceiveTest::machine).machine().applied()).isEqualTo(229);
  }

  @Test
  void aCrashAtAnyPointLeavesTheOldStateOrTheNewOne() throws IOException {
    given(200);
    List<Piece> pieces = pieces();
    Piece last = pieces.get(pieces.size() - 1);
    int news = 0;
    int effect = 0;
    boolean isCut = true;
    while (isCut) {
      taker = new SimDisk();
      SnapshotStore store = new SnapshotStore(taker);
      save(store, busy(20).walk(SLICE));
      taker.cutPowerBefore(taker.effects() + effect);
      try {
        for (Piece piece : pieces) {
          store.receive(piece);
        }
        assertThat(store.install(last, ReceiveTest::machine)).isPresent();
        isCut = false;
      } catch (PowerCut e) {
        taker.crash(new SplittableRandom(effect));
      }
      SnapshotStore again = new SnapshotStore(taker);
      long applied = again.load(ReceiveTest::machine).machine().applied();
      assertThat(applied).as("before effect %d", effect).isIn(19L, 199L);
      assertThat(taker.list()).noneMatch(ReceivedFile.NAME::equals);
      news += applied == 199 ? 1 : 0;
      effect++;
    }
    assertThat(news).isGreaterThan(0);
    assertThat(effect).isGreaterThan(pieces.size() + 3);
  }

  @Test
  void withoutRoomNothingIsLeftOfIt() throws IOException {
    given(200);
    List<Piece> pieces = pieces();
    SnapshotStore store = new SnapshotStore(taker);
    assertThat(store.receive(pieces.get(0))).isTrue();
    taker.capacity(SnapshotWriter.ROOM_LEFT_BYTES + 1500);
    assertThat(store.receive(pieces.get(1))).isFalse();
    assertThat(taker.list()).isEmpty();
  }

  @Test
  void whatIsAskedForIsThereOrItIsSaidThatItIsNot() throws IOException {
    assertThat(read(giver, new Pull(-1, 0, 0, PIECE)).isNone()).isTrue();
    given(200);
    Piece first = read(giver, new Pull(-1, 0, 0, PIECE));
    assertThat(first.index()).isEqualTo(199);
    assertThat(read(giver, new Pull(198, first.hash(), 0, PIECE)).isNone()).isTrue();
    assertThat(read(giver, new Pull(199, first.hash() + 1, 0, PIECE)).isNone()).isTrue();
    assertThat(read(giver, new Pull(199, first.hash(), first.size(), PIECE)).isNone())
        .isTrue();
    save(new SnapshotStore(giver), busy(300).walk(SLICE));
    // The one before is still there for whoever is at it.
    assertThat(read(giver, new Pull(199, first.hash(), 10, 5)).bytes().size()).isEqualTo(5);
    assertThat(read(giver, new Pull(-1, 0, 0, PIECE)).index()).isEqualTo(299);
  }

  @Test
  void nothingIsGivenOfWhatMayBeWrong() throws IOException {
    given(200);
    save(new SnapshotStore(giver), busy(300).walk(SLICE));
    Pull newest = new Pull(-1, 0, 0, PIECE);
    Piece first = read(giver, newest);
    assertThat(PieceReader.read(giver, newest, 299).index()).isEqualTo(299);
    assertThat(PieceReader.read(giver, newest, 298).index()).isEqualTo(199);
    assertThat(PieceReader.read(giver, newest, 198).isNone()).isTrue();
    assertThat(PieceReader.read(giver, newest, -1).isNone()).isTrue();
    // Nor the rest of what was begun.
    Pull rest = new Pull(299, first.hash(), PIECE, PIECE);
    assertThat(PieceReader.read(giver, rest, 299).isNone()).isFalse();
    assertThat(PieceReader.read(giver, rest, 298).isNone()).isTrue();
  }

  private static Piece read(Disk files, Pull pull) {
    return PieceReader.read(files, pull, Long.MAX_VALUE);
  }
}
