package dev.paxoskv.server.machine;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the writes of one session came to, by number, from the first that its client has not
 * acknowledged: a ring, as these numbers lie close together. The owner knows how far the
 * acknowledged ones reach and says so with every call.
 */
final class AnswerRing {
  private static final int SIZE_MIN = 4;

  /** A ring of which no more than one in so many places was used is too large. */
  private static final int QUIET_PART = 8;

  /** Hears of one answer. */
  interface Each {
    void accept(long number, Result result);
  }

  /**
   * As long as a power of two. Holds numbers above the acknowledged one, up to its length above it;
   * each at its place modulo the length.
   */
  private @Nullable Result[] ring = new Result[SIZE_MIN];

  private int count;

  /** How far above the acknowledged number answers have lain since there was none. */
  private long reach;

  Optional<Result> get(long acknowledged, long number) {
    boolean isWithin = number > acknowledged && number - acknowledged <= ring.length;
    return isWithin ? Optional.ofNullable(ring[place(number)]) : Optional.empty();
  }

  /** Of a number that is above the acknowledged one, by not more than the window of a session. */
  void put(long acknowledged, long number, Result result) {
    makeRoom(acknowledged, number - acknowledged);
    reach = Math.max(reach, number - acknowledged);
    count += ring[place(number)] == null ? 1 : 0;
    ring[place(number)] = result;
  }

  /** Forgets what is above {@code acknowledged} up to {@code upTo}. */
  void drop(long acknowledged, long upTo) {
    long last = Math.min(upTo, acknowledged + ring.length);
    for (long number = acknowledged + 1; number <= last && count > 0; number++) {
      count -= ring[place(number)] == null ? 0 : 1;
      ring[place(number)] = null;
    }
    if (count == 0) {
      rest();
    }
  }

  /**
   * A session that has become quiet takes little room, for it may never end. One that goes on as it
   * did would only have to make its room anew.
   */
  private void rest() {
    if (reach <= ring.length / QUIET_PART && ring.length > SIZE_MIN) {
      ring = new Result[SIZE_MIN];
    }
    reach = 0;
  }

  /** So many answers have a place, whether they are there or not. */
  int places() {
    return ring.length;
  }

  /** In ascending order. */
  void forEach(long acknowledged, Each each) {
    for (long number = acknowledged + 1; number <= acknowledged + ring.length; number++) {
      Result result = ring[place(number)];
      if (result != null) {
        each.accept(number, result);
      }
    }
  }

  private int place(long number) {
    return (int) number & (ring.length - 1);
  }

  private void makeRoom(long acknowledged, long distance) {
    if (distance <= ring.length) {
      return;
    }
    AnswerRing larger = new AnswerRing();
    larger.ring = new Result[Integer.highestOneBit((int) distance - 1) << 1];
    forEach(acknowledged, (number, result) -> larger.put(acknowledged, number, result));
    ring = larger.ring;
  }
}
