package dev.paxoskv.paxos.protocol.transfer;

import dev.paxoskv.paxos.protocol.Message.Request;
import dev.paxoskv.paxos.protocol.Talk.Piece;
import dev.paxoskv.paxos.protocol.Talk.Pull;

/**
 * Fetches another peer's snapshot, because the others have forgotten what this peer would need:
 * piece by piece, one at a time and so many in a tick, each asked for once the one before is
 * written. It goes on after a cut link where it stopped, with another peer too if that has the same
 * snapshot. What it gets is checked as a whole and installed by whoever owns the state.
 *
 * <p>Guarantees nothing and is trusted with nothing: pieces may be lost, doubled, and late.
 * Remembers nothing durably; after a restart it begins again.
 */
public final class SnapshotPull {
  /** Most pieces asked for in a tick. */
  static final int PIECES_PER_TICK = 4;

  /** Without an answer the question is sent again after so many ticks. */
  static final int AGAIN_TICKS = 20;

  /** Without an answer to so many questions another peer is asked, once one offers. */
  static final int QUESTIONS_MAX = 5;

  /** After a snapshot for which there was no room, or that was none, it waits for so long. */
  static final int PUT_OFF_TICKS = 100;

  /** Port to the roles of the same peer. */
  public interface Ground {
    /** Sends what promises nothing. */
    void tell(int peer, Request request);

    /** A snapshot helps if it covers this instance. */
    long needed();

    /** Writes a piece; {@link #written} is to be called then. */
    void write(Piece piece);

    /** All of it is written, the last piece being {@code last}; {@link #installed} is to follow. */
    void install(Piece last);
  }

  private enum State {
    IDLE,
    /** A question is out. */
    ASKING,
    /** The next question waits for the next tick. */
    WAITING,
    WRITING,
    INSTALLING
  }

  private static final int NOBODY = -1;

  private final Ground ground;
  private final int pieceBytes;
  private State state = State.IDLE;
  private int source = NOBODY;
  private Piece last = Piece.NONE;
  private long offset;
  private int questions;
  private int piecesThisTick;
  private long now;
  private long dueTick;

  /**
   * Makes one that fetches nothing yet.
   *
   * @param pieceBytes so much is asked for at a time
   */
  public SnapshotPull(Ground ground, int pieceBytes) {
    this.ground = ground;
    this.pieceBytes = pieceBytes;
  }

  /** {@code peer} has forgotten what this peer needs, so it has a snapshot that covers it. */
  public void offered(int peer) {
    boolean isFree = source == NOBODY && now >= dueTick;
    if (isFree && (state == State.IDLE || state == State.WAITING)) {
      source = peer;
      questions = 0;
      ask();
    }
  }

  /** An answer; one that is not to the question that is out is ignored. */
  public void onPiece(int from, Piece piece) {
    if (state != State.ASKING || from != source) {
      return;
    }
    boolean isBeginning = last.isNone() && piece.offset() == 0;
    boolean goesOn = last.isOfSame(piece) && piece.offset() == offset;
    boolean isOther = last.index() == piece.index() && !last.isOfSame(piece);
    if (piece.isNone() || isOther || isUseless()) {
      // It has a newer one by now, or none, or this state in a file of another length; somebody
      // else may still have this one.
      startOver();
    } else if ((isBeginning || goesOn) && piece.isSound() && piece.index() >= ground.needed()) {
      last = piece;
      questions = 0;
      state = State.WRITING;
      ground.write(piece);
    }
  }

  /** The piece is written, or there was no room for it. */
  public void written(boolean isDone) {
    if (state != State.WRITING) {
      return;
    }
    if (!isDone) {
      putOff();
    } else if (isUseless()) {
      startOver();
    } else if (offset + last.bytes().size() == last.size()) {
      state = State.INSTALLING;
      ground.install(last);
    } else {
      offset += last.bytes().size();
      state = State.WAITING;
      askIfAllowed();
    }
  }

  /** It is installed, or was not what it should be. */
  public void installed(boolean isDone) {
    if (isDone) {
      startOver();
    } else {
      putOff();
    }
  }

  /**
   * Whether this peer needs another's snapshot, as far as is known: without it, it applies nothing.
   */
  public boolean isUnderWay() {
    return state != State.IDLE || now < dueTick;
  }

  /** A snapshot helps if it covers this instance. */
  public long needed() {
    return ground.needed();
  }

  public void tick(long tick) {
    now = tick;
    piecesThisTick = 0;
    if (state == State.ASKING && now >= dueTick) {
      if (questions >= QUESTIONS_MAX) {
        source = NOBODY;
        // With nothing in hand there is nothing to wait with: the log may bring what is missing.
        state = last.isNone() ? State.IDLE : State.WAITING;
      } else {
        ask();
      }
    } else if (state == State.WAITING && isUseless()) {
      startOver();
    } else if (state == State.WAITING && source != NOBODY) {
      ask();
    }
  }

  /** The log has brought more meanwhile than the snapshot would. */
  private boolean isUseless() {
    return !last.isNone() && last.index() < ground.needed();
  }

  private void askIfAllowed() {
    if (piecesThisTick < PIECES_PER_TICK) {
      ask();
    }
  }

  private void ask() {
    piecesThisTick++;
    questions++;
    dueTick = now + AGAIN_TICKS;
    state = State.ASKING;
    ground.tell(source, new Pull(last.index(), last.hash(), offset, pieceBytes));
  }

  private void putOff() {
    startOver();
    dueTick = now + PUT_OFF_TICKS;
  }

  private void startOver() {
    state = State.IDLE;
    source = NOBODY;
    last = Piece.NONE;
    offset = 0;
    dueTick = now;
  }
}
