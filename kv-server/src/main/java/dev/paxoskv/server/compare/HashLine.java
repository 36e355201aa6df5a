package dev.paxoskv.server.compare;

import dev.paxoskv.proto.kv.HashStatement;
import java.util.OptionalLong;

/** The state hashes of one server after the newest instances, as many as it has kept. */
final class HashLine {
  private final long[] hashes;
  private long first;
  private long last = -1;
  private boolean isEmpty = true;

  /** Keeps {@code size} of them. */
  HashLine(int size) {
    hashes = new long[size];
  }

  /** The state hash after {@code seq}, which is the next instance, or the first that is known. */
  void add(long seq, long hash) {
    if (isEmpty) {
      first = seq;
      isEmpty = false;
    }
    hashes[place(seq)] = hash;
    last = seq;
    first = Math.max(first, seq - hashes.length + 1);
  }

  OptionalLong at(long seq) {
    return seq < first || seq > last ? OptionalLong.empty() : OptionalLong.of(hashes[place(seq)]);
  }

  boolean isEmpty() {
    return isEmpty;
  }

  /** Those after {@code from} and on to {@code to}, or as many as are known. */
  HashStatement statement(int server, long from, long to) {
    HashStatement.Builder statement =
        HashStatement.newBuilder().setServer(server).setLast(to);
    for (long seq = Math.max(first, from); seq <= to; seq++) {
      statement.addHashes(hashes[place(seq)]);
    }
    return statement.build();
  }

  /**
   * The first instance after which this is not what {@code statement} says; empty if there is none.
   * If it is the first of those that both know, the two may have parted before it.
   */
  OptionalLong firstOther(HashStatement statement) {
    long from = from(statement);
    for (long seq = Math.max(from, first); seq <= Math.min(statement.getLast(), last); seq++) {
      if (statement.getHashes((int) (seq - from)) != hashes[place(seq)]) {
        return OptionalLong.of(seq);
      }
    }
    return OptionalLong.empty();
  }

  /** The first instance that both tell of. */
  long firstCommon(HashStatement statement) {
    return Math.max(from(statement), first);
  }

  private static long from(HashStatement statement) {
    return statement.getLast() - statement.getHashesCount() + 1;
  }

  private int place(long seq) {
    return (int) (seq % hashes.length);
  }
}
