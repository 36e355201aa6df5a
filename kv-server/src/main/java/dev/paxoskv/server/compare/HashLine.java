package dev.paxoskv.server.compare;

import dev.paxoskv.paxos.protocol.Quorum.PeerSet;
import dev.paxoskv.proto.kv.HashStatement;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.LongStream;

/**
 * The state hashes of one server after the newest instances, as many as it has kept, and from whom
 * it has its state.
 */
final class HashLine {
  private final long[] hashes;

  /** Of before this life, or before the state was taken from another server. */
  private final TreeMap<Long, Long> earlier = new TreeMap<>();

  private long first;
  private long last = -1;
  private boolean isEmpty = true;
  private PeerSet descent = PeerSet.EMPTY;
  private long copied = -1;

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
    if (!earlier.isEmpty()) {
      earlier.headMap(seq - hashes.length, true).clear();
    }
  }

  /** The state hash after {@code seq}, which is before all that will be added. */
  void addEarlier(long seq, long hash) {
    earlier.put(seq, hash);
  }

  /** The state up to {@code applied} comes out of the hands of these others. */
  void descends(PeerSet from, long applied) {
    descent = from;
    copied = applied;
  }

  /** From whom the state is, as far as that matters. */
  PeerSet descent() {
    return descent;
  }

  /**
   * A majority has the same state after {@code seq}. If that is after it was copied, it would have
   * been the same without.
   */
  void confirmed(long seq) {
    if (seq > copied) {
      descent = PeerSet.EMPTY;
    }
  }

  OptionalLong at(long seq) {
    if (seq >= first && seq <= last) {
      return OptionalLong.of(hashes[place(seq)]);
    }
    Long hash = earlier.get(seq);
    return hash == null ? OptionalLong.empty() : OptionalLong.of(hash);
  }

  boolean isEmpty() {
    return isEmpty;
  }

  /**
   * Those from {@code from} on and to {@code to}, or as many before that as are known and of after
   * the copy: what was before would say that the giver was right.
   */
  HashStatement statement(int server, long from, long to) {
    HashStatement.Builder statement =
        HashStatement.newBuilder().setServer(server).setLast(to).setDescent(descent.bits());
    long begin = to;
    while (begin > Math.max(from, copied + 1) && at(begin - 1).isPresent()) {
      begin--;
    }
    for (long seq = begin; seq <= to; seq++) {
      at(seq).ifPresent(statement::addHashes);
    }
    return statement.build();
  }

  /** The first instance that {@code statement} tells of. */
  static long first(HashStatement statement) {
    return statement.getLast() - statement.getHashesCount() + 1;
  }

  /** What it says of {@code seq}, of which it tells. */
  static long at(long seq, HashStatement statement) {
    return statement.getHashes((int) (seq - first(statement)));
  }

  /**
   * The first instance after which this is not what {@code statement} says; empty if there is none.
   * If it is the first of those that both know, the two may have parted before it.
   */
  OptionalLong firstOther(HashStatement statement) {
    return common(statement)
        .filter(seq -> at(seq).orElseThrow() != at(seq, statement))
        .findFirst();
  }

  /** The first instance that both tell of. */
  long firstCommon(HashStatement statement) {
    return common(statement).findFirst().orElse(statement.getLast());
  }

  private LongStream common(HashStatement statement) {
    return LongStream.rangeClosed(first(statement), statement.getLast())
        .filter(seq -> at(seq).isPresent());
  }

  private int place(long seq) {
    return (int) (seq % hashes.length);
  }
}
