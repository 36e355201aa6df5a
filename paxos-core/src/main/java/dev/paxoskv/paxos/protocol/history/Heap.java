package dev.paxoskv.paxos.protocol.history;

import java.util.OptionalLong;
import java.util.function.LongPredicate;

/**
 * Keeps decided values in memory up to a weight; older ones are spilled, that is, left to the
 * journal, from which they are read when somebody asks for them.
 */
public final class Heap {
  /** So many values that the journal does not have durably yet are passed over at a time. */
  private static final int PASSED_OVER_MAX = 64;

  /** Port to the roles of the same peer. */
  public interface Ground {
    /** What the decided values in memory weigh. */
    long heapBytes();

    /** The lowest instance above {@code seq} whose decided value is in memory. */
    OptionalLong nextInMemory(long seq);

    /** Whether it is decided, and the value is only in the journal. */
    boolean isSpilled(long seq);

    /** Forgets the value, and that of the vote, but not that it is decided. */
    void spill(long seq);

    /**
     * The decision is known no more. What was accepted is lost with it, so the acceptor says
     * nothing about it until it is learnt again.
     */
    void lose(long seq);
  }

  private final Ground ground;
  private final long bytesMax;
  private long passed = -1;

  public Heap(Ground ground, long bytesMax) {
    this.ground = ground;
    this.bytesMax = bytesMax;
  }

  public boolean isSpilled(long seq) {
    return ground.isSpilled(seq);
  }

  /**
   * Spills the oldest values beyond the limit.
   *
   * @param takes whether the journal has the value and lets go of its copy in memory
   */
  public void shrink(LongPredicate takes) {
    int passedOver = 0;
    while (ground.heapBytes() > bytesMax && passedOver < PASSED_OVER_MAX) {
      OptionalLong next = ground.nextInMemory(passed);
      if (next.isEmpty()) {
        passed = -1;
        return;
      } else if (takes.test(next.getAsLong())) {
        ground.spill(next.getAsLong());
      } else {
        passed = next.getAsLong();
        passedOver++;
      }
    }
  }

  /** The journal does not have the value any more that it should have. */
  public void lose(long seq) {
    if (ground.isSpilled(seq)) {
      ground.lose(seq);
    }
  }
}
