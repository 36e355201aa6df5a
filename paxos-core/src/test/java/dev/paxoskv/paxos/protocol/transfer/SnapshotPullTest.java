package dev.paxoskv.paxos.protocol.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.paxos.protocol.Message.Request;
import dev.paxoskv.paxos.protocol.Talk.Piece;
import dev.paxoskv.paxos.protocol.Talk.Pull;
import dev.paxoskv.paxos.protocol.Value;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SnapshotPullTest {
  private static final int PIECE = 4;
  private static final long INDEX = 9;
  private static final long HASH = 77;
  private static final String STATE = "0123456789";

  private final List<String> done = new ArrayList<>();
  private long needed = 3;
  private long now;

  private final SnapshotPull pull = new SnapshotPull(
      new SnapshotPull.Ground() {
        @Override
        public void tell(int peer, Request request) {
          Pull asked = (Pull) request;
          String which = asked.index() < 0 ? "newest" : asked.index() + "/" + asked.hash();
          done.add("ask " + peer + " " + which + " from " + asked.offset());
        }

        @Override
        public long needed() {
          return needed;
        }

        @Override
        public void write(Piece piece) {
          done.add("write " + piece.offset());
        }

        @Override
        public void install(Piece last) {
          done.add("install " + last.index());
        }
      },
      PIECE);

  @Test
  void anOfferWithoutAnAnswerDoesNotCountAsUnderWayForEver() {
    assertThat(pull.isUnderWay()).isFalse();
    pull.offered(1);
    assertThat(pull.isUnderWay()).isTrue();
    for (int i = 0; i < SnapshotPull.QUESTIONS_MAX * SnapshotPull.AGAIN_TICKS; i++) {
      pull.tick(++now);
    }
    assertThat(pull.isUnderWay()).isFalse();
    done.clear();
    pull.offered(2);
    assertThat(done).containsExactly("ask 2 newest from 0");
  }

  @Test
  void fetchesPieceByPieceAndInstallsTheWhole() {
    pull.offered(1);
    answer(1, 0);
    answer(1, 4);
    answer(1, 8);
    pull.installed(true);
    assertThat(done)
        .containsExactly(
            "ask 1 newest from 0",
            "write 0",
            "ask 1 9/77 from 4",
            "write 4",
            "ask 1 9/77 from 8",
            "write 8",
            "install 9");
  }

  @Test
  void onePieceIsUnderWayAtATime() {
    pull.offered(1);
    pull.onPiece(1, piece(0, INDEX, HASH));
    pull.onPiece(1, piece(0, INDEX, HASH));
    pull.onPiece(1, piece(4, INDEX, HASH));
    pull.offered(2);
    tick(SnapshotPull.AGAIN_TICKS);
    assertThat(done).containsExactly("ask 1 newest from 0", "write 0");
  }

  @Test
  void soManyPiecesInATickAndNoMore() {
    pull.offered(1);
    String large = "x".repeat(100);
    for (int at = 0; at < 7 * PIECE; at += PIECE) {
      Value bytes = Value.of(large.substring(at, at + PIECE));
      pull.onPiece(1, new Piece(INDEX, HASH, 100, at, bytes, bytes.checksum()));
      pull.written(true);
    }
    assertThat(done.stream().filter(line -> line.startsWith("ask")))
        .hasSize(SnapshotPull.PIECES_PER_TICK);
    tick(1);
    assertThat(done.get(done.size() - 1)).isEqualTo("ask 1 9/77 from 16");
  }

  @Test
  void aLostAnswerIsAskedForAgainFromTheSamePlace() {
    pull.offered(1);
    answer(1, 0);
    done.clear();
    tick(SnapshotPull.AGAIN_TICKS);
    assertThat(done).containsExactly("ask 1 9/77 from 4");
    answer(1, 4);
    assertThat(done).endsWith("write 4", "ask 1 9/77 from 8");
  }

  @Test
  void anotherPeerGoesOnWithTheSameSnapshot() {
    pull.offered(1);
    answer(1, 0);
    tick(SnapshotPull.AGAIN_TICKS * SnapshotPull.QUESTIONS_MAX);
    done.clear();
    pull.offered(2);
    assertThat(done).containsExactly("ask 2 9/77 from 4");
    pull.onPiece(1, piece(4, INDEX, HASH));
    assertThat(done).hasSize(1);
    answer(2, 4);
    assertThat(done).endsWith("write 4", "ask 2 9/77 from 8");
  }

  @Test
  void piecesOfAnotherSnapshotAreNoneOfThisOne() {
    pull.offered(1);
    answer(1, 0);
    done.clear();
    pull.onPiece(1, piece(4, INDEX + 1, HASH));
    pull.onPiece(1, piece(8, INDEX, HASH));
    assertThat(done).isEmpty();
  }

  @Test
  void beginsAnewWhereTheSameStateIsInAnotherFile() {
    pull.offered(1);
    answer(1, 0);
    tick(SnapshotPull.AGAIN_TICKS * SnapshotPull.QUESTIONS_MAX);
    pull.offered(2);
    Value bytes = Value.of("4567");
    pull.onPiece(2, new Piece(INDEX, HASH, STATE.length() + 1, 4, bytes, bytes.checksum()));
    done.clear();
    pull.offered(2);
    assertThat(done).containsExactly("ask 2 newest from 0");
  }

  @Test
  void aDamagedPieceIsNotWritten() {
    pull.offered(1);
    pull.onPiece(1, new Piece(INDEX, HASH, 10, 0, Value.of("0123"), 1));
    assertThat(done).containsExactly("ask 1 newest from 0");
    tick(SnapshotPull.AGAIN_TICKS);
    assertThat(done).endsWith("ask 1 newest from 0");
  }

  @Test
  void beginsAnewWhenTheSnapshotIsGone() {
    pull.offered(1);
    answer(1, 0);
    pull.onPiece(1, Piece.NONE);
    done.clear();
    pull.offered(2);
    assertThat(done).containsExactly("ask 2 newest from 0");
  }

  @Test
  void aSnapshotThatDoesNotHelpIsNotTaken() {
    pull.offered(1);
    needed = INDEX + 1;
    pull.onPiece(1, piece(0, INDEX, HASH));
    assertThat(done).containsExactly("ask 1 newest from 0");
  }

  @Test
  void isDroppedWhenTheLogHasBroughtMore() {
    pull.offered(1);
    answer(1, 0);
    needed = INDEX + 1;
    pull.onPiece(1, piece(4, INDEX, HASH));
    pull.offered(2);
    assertThat(done).endsWith("ask 1 9/77 from 4", "ask 2 newest from 0");
  }

  @Test
  void aSnapshotThatCoversNoMoreThanIsNeededIsTaken() {
    needed = INDEX;
    pull.offered(1);
    answer(1, 0);
    answer(1, 4);
    assertThat(done).endsWith("write 4", "ask 1 9/77 from 8");
  }

  @Test
  void isDroppedAlsoAfterAWriteAndWhileItWaits() {
    pull.offered(1);
    pull.onPiece(1, piece(0, INDEX, HASH));
    needed = INDEX + 1;
    pull.written(true);
    assertThat(pull.isUnderWay()).isFalse();
    needed = INDEX;
    pull.offered(1);
    answer(1, 0);
    tick(SnapshotPull.AGAIN_TICKS * SnapshotPull.QUESTIONS_MAX);
    assertThat(pull.isUnderWay()).as("it waits for somebody who has the rest").isTrue();
    needed = INDEX + 1;
    tick(1);
    assertThat(pull.isUnderWay()).isFalse();
    done.clear();
    pull.offered(2);
    assertThat(done).containsExactly("ask 2 newest from 0");
  }

  @Test
  void theNextMayBeginWhenOneIsInstalledAndLaterIfItWasNotSound() {
    fetchAll(1);
    pull.installed(true);
    assertThat(pull.isUnderWay()).isFalse();
    done.clear();
    fetchAll(2);
    assertThat(done).startsWith("ask 2 newest from 0");
    pull.installed(false);
    assertThat(pull.isUnderWay()).as("it is needed still").isTrue();
    tick(SnapshotPull.PUT_OFF_TICKS - 1);
    assertThat(pull.isUnderWay()).isTrue();
    tick(1);
    assertThat(pull.isUnderWay()).isFalse();
  }

  private void fetchAll(int from) {
    pull.offered(from);
    answer(from, 0);
    answer(from, 4);
    answer(from, 8);
  }

  @Test
  void withoutRoomAndAfterADamagedOneItWaits() {
    pull.offered(1);
    pull.onPiece(1, piece(0, INDEX, HASH));
    pull.written(false);
    pull.offered(1);
    tick(SnapshotPull.PUT_OFF_TICKS - 1);
    pull.offered(1);
    assertThat(done).containsExactly("ask 1 newest from 0", "write 0");
    tick(1);
    pull.offered(1);
    answer(1, 0);
    answer(1, 4);
    answer(1, 8);
    pull.installed(false);
    done.clear();
    pull.offered(1);
    assertThat(done).isEmpty();
    tick(SnapshotPull.PUT_OFF_TICKS);
    pull.offered(2);
    assertThat(done).containsExactly("ask 2 newest from 0");
  }

  private void answer(int from, long offset) {
    pull.onPiece(from, piece(offset, INDEX, HASH));
    pull.written(true);
  }

  private static Piece piece(long offset, long index, long hash) {
    int end = (int) Math.min(offset + PIECE, STATE.length());
    Value bytes = Value.of(STATE.substring((int) offset, end));
    return new Piece(index, hash, STATE.length(), offset, bytes, bytes.checksum());
  }

  private void tick(int ticks) {
    for (int i = 0; i < ticks; i++) {
      pull.tick(++now);
    }
  }
}
