package dev.paxoskv.paxos.protocol;

import java.util.List;

/**
 * What peers say to each other besides agreeing: about who leads, up to where a read must wait, and
 * what is in a snapshot. No agreement rests on any of it: all of it may be lost, or be wrong, and
 * what is decided stays right. What a read returns does rest on {@link ReadChecked}.
 */
public final class Talk {
  private Talk() {}

  /** What is asked or told in this talk. */
  public sealed interface Question extends Message.Request permits Ping, Forward, ReadCheck, Pull {}

  /** What is answered in this talk. */
  public sealed interface Reply extends Message.Answer permits Pong, ReadChecked, Piece {}

  /** The part of {@link Message.RequestHandler} for this talk. */
  interface RequestHandler {
    void onPing(int from, Ping message);

    void onForward(int from, Forward message);

    void onReadCheck(int from, ReadCheck message);

    void onPull(int from, Pull message);
  }

  /** The part of {@link Message.AnswerHandler} for this talk. */
  interface AnswerHandler {
    void onPong(int from, Pong message);

    void onReadChecked(int from, ReadChecked message);

    void onPiece(int from, Piece message);
  }

  /**
   * Are you there? And: I lead, if I do.
   *
   * @param sent the sender's tick
   * @param claim the ballot under which the sender leads, or {@link Ballot#ZERO} if it does not
   */
  public record Ping(long sent, Ballot claim) implements Question {
    @Override
    public void deliver(int from, Message.RequestHandler handler) {
      handler.onPing(from, this);
    }
  }

  /**
   * I am.
   *
   * @param sent the asker's tick, from the question
   * @param hearsLeader whether the sender leads, or has heard lately of somebody who does
   * @param reachesLeader whether it leads, or is answered by the one that it hears
   * @param takesWork whether its disk has room for more votes, and is not stuck
   */
  public record Pong(long sent, boolean hearsLeader, boolean reachesLeader, boolean takesWork)
      implements Reply {
    @Override
    public void deliver(int from, Message.AnswerHandler handler) {
      handler.onPong(from, this);
    }
  }

  /**
   * Please have this proposed for me. What it is, and whether that was done, the application knows.
   *
   * @param mayPass whether a receiver that does not lead may pass it on; once, then it ends
   */
  public record Forward(Value value, boolean mayPass) implements Question {
    @Override
    public void deliver(int from, Message.RequestHandler handler) {
      handler.onForward(from, this);
    }
  }

  /**
   * How far up have you ever accepted anything?
   *
   * @param number which question of the sender's this is; comes back with the answer
   * @param except what was accepted under this ballot is left out, as the sender proposed it and
   *     knows of it; {@link Ballot#ZERO} for nothing
   */
  public record ReadCheck(long number, Ballot except) implements Question {
    @Override
    public void deliver(int from, Message.RequestHandler handler) {
      handler.onReadCheck(from, this);
    }
  }

  /**
   * So far, if not further: up to {@code highest}.
   *
   * @param number from the question
   * @param highest an instance, or -1; never less than the highest one accepted in
   */
  public record ReadChecked(long number, long highest) implements Reply {
    @Override
    public void deliver(int from, Message.AnswerHandler handler) {
      handler.onReadChecked(from, this);
    }
  }

  /**
   * Give me a piece of a snapshot, as you have forgotten what I need.
   *
   * @param index the snapshot covers instances up to there; -1 for the newest that there is
   * @param hash as in the piece before; without a meaning for the newest
   * @param offset of the piece in the snapshot, in bytes
   * @param bytesMax how long the piece may be
   */
  public record Pull(long index, long hash, long offset, int bytesMax) implements Question {
    /** Longer pieces are not given. */
    public static final int BYTES_MAX = 1 << 18;

    @Override
    public void deliver(int from, Message.RequestHandler handler) {
      handler.onPull(from, this);
    }
  }

  /**
   * A piece of a snapshot.
   *
   * @param index the snapshot covers instances up to there; -1: the sender has no such snapshot
   * @param hash of the state in it; two snapshots of one index and hash are the same
   * @param size of the whole snapshot in bytes
   * @param offset where in it the piece begins
   * @param bytes not empty, unless there is no such snapshot
   * @param checksum of the bytes, as {@link Value#checksum}, made where they were read
   */
  public record Piece(long index, long hash, long size, long offset, Value bytes, long checksum)
      implements Reply {
    public static final Piece NONE = new Piece(-1, 0, 0, 0, Value.of(new byte[0]), 0);

    public boolean isNone() {
      return index < 0;
    }

    /** Whether it is a piece of the same snapshot. */
    public boolean isOfSame(Piece other) {
      return index == other.index && hash == other.hash && size == other.size;
    }

    /** Whether the bytes are as they were read, and lie within the snapshot. */
    public boolean isSound() {
      return bytes.checksum() == checksum && bytes.size() > 0 && bytes.size() <= size - offset;
    }

    @Override
    public void deliver(int from, Message.AnswerHandler handler) {
      handler.onPiece(from, this);
    }
  }

  /**
   * News that ride on a request: these instances are decided, each with the value that the sender
   * proposed in it under {@code ballot}. Whoever accepted that has the value.
   *
   * @param spans in ascending order within one message, at most {@value #SPANS_MAX}
   */
  public record News(Ballot ballot, List<Span> spans) {
    public static final int SPANS_MAX = 256;
  }

  /** The instances {@code first} to {@code last}, both included; at most {@value #LENGTH_MAX}. */
  public record Span(long first, long last) {
    public static final int LENGTH_MAX = 4096;

    /** Whether {@code seq} is the next one behind this span, and there is room for it. */
    public boolean isFollowedBy(long seq) {
      return seq == last + 1 && seq - first < LENGTH_MAX;
    }
  }
}
