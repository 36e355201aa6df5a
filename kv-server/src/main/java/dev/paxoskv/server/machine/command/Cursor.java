package dev.paxoskv.server.machine.command;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A place in the bytes of a batch, and how to read on from there what a writer of protobuf has
 * written. What does not look like that is not plain, from then on, and whatever is read then has
 * no meaning.
 */
final class Cursor {
  private static final VarHandle FIXED64 =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** A piece of the bytes. */
  static final class Piece {
    int from;
    int to;

    void clear() {
      from = 0;
      to = 0;
    }
  }

  private byte[] bytes = new byte[0];
  private int at;
  private boolean isPlain = true;

  /** Begins before the first of {@code all}. */
  void open(byte[] all) {
    bytes = all;
    at = 0;
    isPlain = true;
  }

  byte[] bytes() {
    return bytes;
  }

  int at() {
    return at;
  }

  void skipTo(int place) {
    at = place;
  }

  boolean isAtEnd() {
    return at == bytes.length;
  }

  boolean isPlain() {
    return isPlain;
  }

  void require(boolean holds) {
    isPlain &= holds;
  }

  byte[] copy(Piece piece) {
    return Arrays.copyOfRange(bytes, piece.from, piece.to);
  }

  /** Whether {@code tag} is next, which is skipped then. */
  boolean skipTag(int tag, int end) {
    boolean isNext = at < end && bytes[at] == tag;
    at += isNext ? 1 : 0;
    return isNext;
  }

  /** The bytes behind {@code tag}, which are skipped; none if another is next. */
  void readPiece(int tag, Piece piece, int end) {
    int length = skipTag(tag, end) ? length(end) : 0;
    piece.from = at;
    piece.to = at + length;
    at = piece.to;
  }

  long fixed64(int end) {
    if (end - at < Long.BYTES) {
      isPlain = false;
      return 0;
    }
    long read = (long) FIXED64.get(bytes, at);
    at += Long.BYTES;
    return read;
  }

  /** The length of something that follows and must not go beyond {@code end}. */
  int length(int end) {
    long length = varint(end);
    if (length < 0 || length > end - at) {
      isPlain = false;
      return 0;
    }
    return (int) length;
  }

  long varint(int end) {
    long read = 0;
    for (int shift = 0; shift < Long.SIZE && at < end; shift += 7) {
      byte next = bytes[at++];
      read |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return read;
      }
    }
    isPlain = false;
    return 0;
  }
}
